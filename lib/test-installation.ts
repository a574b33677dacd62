/** An installation for tests in which no table is empty: what is kept, guarded or restored is tried on all of it. */
import { Readable } from "node:stream";
import { encode } from "fast-png";
import { v7 as uuidv7 } from "uuid";
import { connect, connections } from "../db/connection.ts";
import { trials, workers } from "../db/schema/studies.ts";
import { type Actor, systemActor } from "./access/actor.ts";
import { setProjectRole } from "./access/project-roles.ts";
import { countTry } from "./access/throttle.ts";
import { watchRules } from "./alerts/watch.ts";
import { putArtifact } from "./artifacts/artifacts.ts";
import { createCheckpoint } from "./artifacts/checkpoints.ts";
import { newChampion } from "./champions/test-champion.ts";
import { judgePairs } from "./checks/near/near-pairs.ts";
import { overrideManifest } from "./checks/report.ts";
import { check, clean, pairsOf } from "./datasets/test-samples.ts";
import { confirmLook } from "./evaluations/ledger.ts";
import { pairProgram } from "./evaluations/live/pairing.ts";
import { newReleased, newShare } from "./evaluations/test-evaluation.ts";
import { newRecords } from "./exports/test-records.ts";
import { addInputs } from "./interop/inputs.ts";
import { setAlias } from "./interop/model-aliases.ts";
import { storeModelMetrics } from "./interop/model-metrics.ts";
import { addVersion } from "./interop/model-versions.ts";
import { createModel, linkModels } from "./interop/models.ts";
import { setProjectProperty } from "./interop/properties.ts";
import { register } from "./interop/registered-models.ts";
import { tellRun } from "./interop/run-acts.ts";
import { logPoints } from "./interop/run-log.ts";
import { newRuled } from "./loops/test-loop.ts";
import { appendBatch } from "./metrics/append.ts";
import { compactWhole } from "./metrics/compact.ts";
import { newDecided } from "./reviews/test-review.ts";
import { tagRuns } from "./runs/bulk.ts";
import { deleteRun, purgeRun } from "./runs/deleted.ts";
import { finishRun } from "./runs/status.ts";
import { seededRandom } from "./statistics/resampling/random.ts";
import { answerStudy } from "./studies/answers.ts";
import { createStudy } from "./studies/studies.ts";
import { createView } from "./table/views.ts";
import { batchOf, newMember, newProject, newRun, newToken } from "./test-workspace.ts";
import { allowHost } from "./webhooks/hosts.ts";
import { createWebhook } from "./webhooks/webhooks.ts";
import type { Manifest } from "./wire/data/manifests.ts";
import type { Project } from "./wire/projects.ts";

/** Everything that COPY has to escape. */
const ODD_TEXT = "tab\there, line\nfeed, back\\slash, \\. and \\N, \u{1F600}, '' \"\"";

/** Fills every table of a prepared workspace, through the doors that people use where there is one. */
export async function fillInstallation(ownerUrl: string): Promise<{ project: Project; manifest: Manifest }> {
  const { actor: member } = await newMember("admin");
  const { project, manifest } = await fillManifestTables();
  await newToken(project, "ingest");
  await createView(member, project.id, { name: "mine", query: "sort=name", isShared: true });
  await fillRunTables(member, project, manifest.id);
  await allowHost(member, { host: "127.0.0.1", allowsPrivate: true });
  await createWebhook(member, project.id, { url: "http://127.0.0.1:1/hook" });
  const { manifest: evaluated } = await newChampion(project);
  await confirmLook(member, project.id, evaluated.id, { reason: "the labels were mended" });
  await fillComparisons();
  await fillStudies(member, project, evaluated.id);
  await newRuled(project);
  const { actor: narrowed } = await newMember("member");
  await setProjectRole(member, project.id, narrowed.id, "viewer");
  await newReleased();
  await newShare(project);
  await fillReviewTables(project);
  await countTry("a password", 5);
  const owner = connect(ownerUrl, { max: 1 });
  try {
    // who is with the provider, or shows a passkey, just now
    await owner`insert into verifications (id, identifier, value, expires_at) values ('a', 'b', 'c', now())`;
    // an authenticator makes these
    await owner`insert into passkeys (id, public_key, user_id, credential_id, counter, device_type, backed_up)
      select 'a', 'a key', id, 'a credential', 1, 'singleDevice', false from users limit 1`;
  } finally {
    await owner.end();
  }
  return { project, manifest };
}

/** A study, a trial of it, the worker that has it, and what was answered before its conclusion. */
async function fillStudies(member: Actor, project: Project, manifest: string): Promise<void> {
  const space = [{ kind: "float", path: "rate", low: 1e-4, high: 1, scale: "log" }];
  const objective = { metric: "loss", split: "validation", direction: "min" };
  const study = await createStudy(member, {
    project: project.id,
    title: ODD_TEXT.split("\n")[1],
    space,
    objective,
    manifest,
  });
  const { run } = await newRun(project, { manifest, config: { rate: 0.1 } });
  const { db } = connections();
  const made = { projectId: project.id, createdBy: "a test" };
  const worker = { ...made, id: uuidv7(), name: "gpu-7", labels: ["gpu"] };
  await db.insert(workers).values(worker);
  const place = { studyId: study.id, number: 1, runId: run.id, workerId: worker.id };
  await db.insert(trials).values({ ...made, ...place, id: uuidv7(), values: { rate: 0.1 }, origin: "search" });
  await answerStudy(member, study.id, { answers: [{ kind: "check", about: "stability", answer: ODD_TEXT }] });
}

/** A decided review, a comment that was changed, and a rule that told of a run's end. */
async function fillReviewTables(project: Project): Promise<void> {
  const { run } = await newRun(project);
  await newDecided(project.id, run.id);
  await finishRun(systemActor, run.id, { status: "failed", failure: { reason: "crashed", message: "out of luck" } });
  await watchRules(new Date(0));
}

/** What a job found of the evaluations that are there. */
async function fillComparisons(): Promise<void> {
  const [one] = await connections().sql`select run_id as run, id from evaluations order by id limit 1`;
  const pair = [one!.run, one!.id];
  const input = { evaluations: [pair, pair], metric: "accuracy", smallest: null };
  await pairProgram({ subject: "a question", input }, async () => {});
}

async function fillRunTables(member: Actor, project: Project, manifest: string): Promise<void> {
  const { run, writer } = await newRun(project, { manifest, config: { rate: 1e-7, text: ODD_TEXT } });
  const values = Array.from({ length: 300 }, (_, at) => (at % 50 === 0 ? Number.NaN : at));
  const steps = values.map((_, at) => at);
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", steps, { loss: values }));
  await compactWhole(run.id);
  await appendBatch(systemActor, run.id, batchOf(writer, 2, "test", [0, 2 ** 53 - 1], { accuracy: [0.5, Infinity] }));
  await tagRuns(member, project.id, { ids: [run.id] }, "best");
  await fillClientTables(member, project, run.id);
  await newRecords(project.id, run.id);
  const file = { contentType: null, expectedSha256: null };
  await putArtifact(systemActor, run.id, { ...file, path: "w.bin", content: Readable.from([Buffer.alloc(70_000, 7)]) });
  await createCheckpoint(systemActor, run.id, { path: "w.bin", step: 1, epoch: 1, values: {} });
  const { run: gone } = await newRun(project, { name: "gone" });
  await deleteRun(systemActor, gone.id);
  await purgeRun(systemActor, gone.id);
}

/** A manifest that is blocked and overridden, with near duplicates that a person judged. */
/** What clients of other trackers' protocols say of a run. */
async function fillClientTables(member: Actor, project: Project, run: string): Promise<void> {
  const text = { key: "odd", value: ODD_TEXT };
  await tellRun(member, run, { properties: [text], config: [{ key: "late", text: "1e-05" }] });
  await setProjectProperty(member, project.id, text);
  await logPoints(member, run, [{ key: "val_f1", step: 1, time: 1, value: 0.5 }]);
  const input = { name: "rows", digest: "0a", sourceType: "local", source: "{}", schema: null, profile: null };
  await addInputs(member, run, [{ ...input, tags: [text] }]);
  const made = { projectId: project.id, runId: run, name: "net", modelType: null, params: {}, tags: { odd: ODD_TEXT } };
  const { id } = await createModel(member, made);
  await linkModels(member, run, "output", [{ model: id, step: 1 }]);
  const measured = { modelId: id, key: "val_f1", value: 0.5, step: 1, time: 1 };
  await storeModelMetrics(member, run, [{ ...measured, datasetName: ODD_TEXT, datasetDigest: "0a" }]);
  const words = { runWord: run, modelWord: id, runLink: null, description: ODD_TEXT, tags: { odd: ODD_TEXT } };
  await register(member, { projectId: project.id, name: ODD_TEXT, description: "", tags: { odd: ODD_TEXT } });
  const files = { source: "runs:/a", filesAt: "runs:/a" };
  await addVersion(member, ODD_TEXT, { ...words, ...files, runId: run, modelProjectId: null });
  await setAlias(member, ODD_TEXT, "champion", 1);
}

async function fillManifestTables(): Promise<{ project: Project; manifest: Manifest }> {
  const noise = seededRandom(1);
  const picture = Uint8Array.from({ length: 32 * 32 }, () => Math.floor(noise() * 250));
  const mask = encode({ width: 2, height: 1, data: Uint8Array.of(0, 3), channels: 1, depth: 8 });
  const rows = clean(40).map((row, at) => {
    if (at === 3) return { ...row, mask };
    if (at === 2 || at === 18) return { ...row, thumbnail: picture.map((value) => value + (at % 3)) };
    return at === 1 || at === 17 ? { ...row, content: "a copy", label: "1" } : row;
  });
  const { project, manifest } = await check(rows, {}, false, await newProject("Signs", "accuracy"));
  await overrideManifest(systemActor, project.id, manifest.id, { reason: "its copies are known" });
  const [pair] = await pairsOf(project, manifest.id);
  await judgePairs(systemActor, project.id, manifest.id, { pairs: [[pair!.aKey, pair!.bKey]], same: true });
  return { project, manifest };
}

/** Rows of each table that the database has, whatever this version's code says of tables. */
export async function countRows(url: string): Promise<Record<string, number>> {
  const client = connect(url, { max: 1 });
  try {
    const tables = await client<{ name: string }[]>`
      select relname as name from pg_class
      where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace order by relname`;
    const counts: Record<string, number> = {};
    for (const { name } of tables) {
      const [row] = await client<{ rows: number }[]>`select count(*)::int as rows from ${client(name)}`;
      counts[name] = row!.rows;
    }
    return counts;
  } finally {
    await client.end();
  }
}
