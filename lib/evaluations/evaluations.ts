/** Evaluations: opened here, listed, and told how far they are. A test evaluation is a look from its opening on. */
import { createHash } from "node:crypto";
import { and, desc, eq, type SQL } from "drizzle-orm";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import type { z } from "zod";
import { connections } from "../../db/connection.ts";
import {
  evaluationPredictions,
  evaluationReleases,
  evaluationReports,
  evaluations,
} from "../../db/schema/evaluations.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise, can, type Permission } from "../access/permissions.ts";
import { listCheckpoints } from "../artifacts/checkpoints.ts";
import { findJob, readFailure } from "../jobs/jobs.ts";
import { recordLooks } from "../looks/looks.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { findRefereeSplit } from "../manifests/referee-split.ts";
import { oncePerPage } from "../once.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { locateLivingRun, locateRun } from "../runs/runs.ts";
import type { Checkpoint } from "../wire/checkpoints.ts";
import {
  CONFUSIONS_MAX,
  type EvaluatedSplit,
  type Evaluation,
  evaluationCreateSchema,
  SCORES_MAX,
} from "../wire/evaluations/evaluations.ts";
import { failureWords } from "../words/check-words.ts";
import { requireEvaluable } from "./may-evaluate.ts";
import { listSharing } from "./sharing-splits.ts";
import { readSplitKeys } from "./split-keys.ts";
import { requireLookLeft } from "./test-looks.ts";
import { requireTruth } from "./truth.ts";

export type EvaluationRecord = typeof evaluations.$inferSelect;

/** The job that makes a report, about `evaluationSubject`. */
export const REPORT_JOB = "evaluation.report";
export const evaluationSubject = ({ runId, id }: Pick<EvaluationRecord, "runId" | "id">): string => `${runId}/${id}`;

/**
 * Opens a split of the run's manifest for a checkpoint's predictions. On test it is a look from here on, whatever comes.
 * Sent again with the same id and content it returns the evaluation that is there.
 */
export async function createEvaluation(actor: Actor, runId: string, input: unknown): Promise<Evaluation> {
  const place = await locateLivingRun(actor, runId, "evaluations.create");
  const given = parse(evaluationCreateSchema, input);
  if (given.split === "test") authorise(actor, "tests.open", place.projectId);
  const cited = await requireManifest(actor, place.projectId, requireCited(place.manifestId));
  if (given.split === "validation") await requireWhole(place.projectId, cited.manifest.id);
  await requireMeasurable(actor, runId, given, cited);
  const checkpoint = await requireCheckpoint(actor, runId, given.checkpoint);
  return storeEvaluation(actor, given, { runId, projectId: place.projectId, cited, checkpoint });
}

type Given = z.output<typeof evaluationCreateSchema>;
type Cited = Awaited<ReturnType<typeof requireManifest>>;

/** Throws what stands against measuring by the split: no sample, too many numbers, leaks, labels or keys that don't fit. */
async function requireMeasurable(
  actor: Actor,
  runId: string,
  { split, form, classes, task, keysDigest }: Given,
  { manifest, number, datasetNumber }: Cited,
): Promise<void> {
  const samples = manifest.counts[split];
  if (samples === 0) throw invalid("split", `${manifest.name} has no ${split} samples`);
  requireRoom({ samples, form, classes: classes?.length ?? 0 });
  if (split === "test") await requireEvaluable(actor, runId, manifest.id);
  await requireTruth({ manifestNumber: number, datasetNumber, split }, task, classes);
  await requireKeys({ manifestNumber: number, split }, keysDigest);
}

/** A report of validation would hold the labels that the referee keeps. */
async function requireWhole(projectId: string, manifestId: string): Promise<void> {
  if ((await findRefereeSplit(connections().db, projectId, manifestId)) === null) return;
  const detail = "part of the manifest's validation is a referee split, whose labels stand in no report";
  throw new ProblemError("conflict", `split: ${detail}`, [{ field: "split", detail }]);
}

function requireRoom({ samples, form, classes }: { samples: number; form: Given["form"]; classes: number }): void {
  if (form === "scores" && samples * classes > SCORES_MAX)
    throw invalid("form", `${samples} samples × ${classes} classes are more than ${SCORES_MAX} scores; send classes`);
  if (form === "mask" && samples * classes ** 2 > CONFUSIONS_MAX)
    throw invalid(
      "classes",
      `${samples} images, each with a matrix of ${classes} × ${classes} classes, are more than ${CONFUSIONS_MAX} counts; name the classes that the masks know`,
    );
}

/** Writes the evaluation with its look and audit row, or finds the one that was sent before. */
async function storeEvaluation(
  actor: Actor,
  given: Given,
  { runId, projectId, cited, checkpoint }: { runId: string; projectId: string; cited: Cited; checkpoint: Checkpoint },
): Promise<Evaluation> {
  const { manifest, number } = cited;
  const id = given.id ?? uuidv7();
  const { id: _, checkpoint: __, ...content } = given;
  const creationHash = createHash("sha256")
    .update(JSON.stringify({ ...content, checkpoint: checkpoint.id }))
    .digest();
  const splitDigest = manifest.splitDigests[given.split];
  const samples = manifest.counts[given.split];
  const sharing = given.split === "test" ? await listSharing({ number, digest: splitDigest, count: samples }) : [];
  await connections().db.transaction(async (tx) => {
    const [created] = await tx
      .insert(evaluations)
      .values({
        ...content,
        runId,
        id,
        projectId,
        checkpointId: checkpoint.id,
        checkpointPath: checkpoint.path,
        checkpointSha256: checkpoint.sha256,
        step: checkpoint.step,
        manifestId: manifest.id,
        splitDigest,
        samples,
        creationHash,
        createdBy: actor.name,
      })
      .onConflictDoNothing()
      .returning();
    if (!created) return requireSame(tx, runId, id, creationHash);
    if (given.split === "test") {
      const looker = { projectId, runId, manifestId: manifest.id };
      const confirmationId = await requireLookLeft(tx, projectId, { digest: splitDigest, sharing });
      const opening = { checkpointId: checkpoint.id, evaluationId: id, purpose: given.purpose!, confirmationId };
      await recordLooks(tx, actor, looker, { kind: "evaluation", reasons: [given.reason!], ...opening });
    }
    const detail = { split: given.split, purpose: given.purpose, reason: given.reason };
    await recordAct(tx, actor, { action: "evaluation.open", subject: `run:${runId}`, projectId, detail });
  });
  return requireEvaluation(actor, runId, id);
}

function requireCited(manifestId: string | null): string {
  if (manifestId !== null) return manifestId;
  const detail = "the run cites no manifest, so nobody knows what it was trained on; log it again with a manifest";
  throw new ProblemError("conflict", `run: ${detail}`, [{ field: "run", detail }]);
}

async function requireKeys(
  place: { manifestNumber: number; split: EvaluatedSplit },
  keysDigest: string | null,
): Promise<void> {
  if (keysDigest === null) return;
  const digest = (await readSplitKeys(place)).digest();
  if (digest === keysDigest) return;
  throw invalid(
    "keysDigest",
    `${keysDigest} isn't the digest of the ${place.split} split's keys, which is ${digest}; send the rows with their keys, or in the order of the keys' UTF-8 bytes`,
  );
}

/** The checkpoint that is named, or the one at the run's best step in validation: never one that was best on test. */
async function requireCheckpoint(actor: Actor, runId: string, named: string | null): Promise<Checkpoint> {
  const checkpoints = await listCheckpoints(actor, runId);
  if (checkpoints.length === 0)
    throw new ProblemError("conflict", "checkpoint: the run has none; store its weights and declare them first", [
      { field: "checkpoint", detail: "the run has none" },
    ]);
  if (named !== null) {
    const found = checkpoints.find(({ id }) => id === named);
    if (!found) throw invalid("checkpoint", `${named} is no checkpoint of this run`);
    return found;
  }
  const [run] = await connections().db.select({ bestStep: runs.bestStep }).from(runs).where(eq(runs.id, runId));
  const best = checkpoints.findLast(({ step }) => step === run?.bestStep) ?? bestNamed(checkpoints);
  if (best) return best;
  throw invalid(
    "checkpoint",
    `name one of the run's ${checkpoints.length}: none stands at the step that was best in validation`,
  );
}

/** Where the project has no primary metric: the trainer's own word, or the only one there is. */
const bestNamed = (checkpoints: Checkpoint[]): Checkpoint | undefined =>
  checkpoints.length === 1 ? checkpoints[0] : checkpoints.findLast(({ path }) => /(^|\/)best\.[^/]+$/.test(path));

type Transaction = Parameters<Parameters<ReturnType<typeof connections>["db"]["transaction"]>[0]>[0];

async function requireSame(tx: Transaction, runId: string, id: string, creationHash: Buffer): Promise<void> {
  const [there] = await tx
    .select()
    .from(evaluations)
    .where(and(eq(evaluations.runId, runId), eq(evaluations.id, id)));
  if (there && Buffer.from(there.creationHash).equals(creationHash)) return;
  throw new ProblemError("conflict", `an evaluation with id ${id} is there already, with other content`, [
    { field: "id", detail: "belongs to another evaluation; make a fresh UUID of version 7" },
  ]);
}

/** One evaluation of a run. Throws `not-found`. */
export async function requireEvaluation(actor: Actor, runId: string, id: string): Promise<Evaluation> {
  await locateRun(actor, runId, "evaluations.read");
  const [found] = isUuid(id) ? await readEvaluation(actor, runId, id) : [];
  if (!found) throw new ProblemError("not-found", `the run has no evaluation ${JSON.stringify(id)}`);
  return found;
}

const readEvaluation = oncePerPage((actor: Actor, runId: string, id: string) =>
  readEvaluations(actor, and(eq(evaluations.runId, runId), eq(evaluations.id, id))),
);

/** The same as a row, for acts on it that need `permission`. Throws `not-found`. */
export async function locateEvaluation(
  actor: Actor,
  runId: string,
  id: string,
  permission: Permission,
): Promise<EvaluationRecord> {
  await locateLivingRun(actor, runId, permission);
  const [found] = isUuid(id) ? await readRow(runId, id) : [];
  if (!found) throw new ProblemError("not-found", `the run has no evaluation ${JSON.stringify(id)}`);
  if (found.split === "test")
    authorise(actor, permission === "evaluations.create" ? "tests.open" : "tests.read", found.projectId);
  return found;
}

const readRow = oncePerPage(async (runId: string, id: string) =>
  connections()
    .db.select()
    .from(evaluations)
    .where(and(eq(evaluations.runId, runId), eq(evaluations.id, id))),
);

/** The evaluations of a run, the newest first, at most 500. */
export async function listEvaluations(actor: Actor, runId: string): Promise<Evaluation[]> {
  await locateRun(actor, runId, "evaluations.read");
  return readEvaluations(actor, eq(evaluations.runId, runId));
}

const LISTED_MAX = 500;

async function readEvaluations(actor: Actor, asked: SQL | undefined): Promise<Evaluation[]> {
  const rows = await connections()
    .db.select({
      evaluation: evaluations,
      file: evaluationPredictions.file,
      reported: evaluationReports.version,
      release: evaluationReleases,
    })
    .from(evaluations)
    .leftJoin(
      evaluationPredictions,
      and(eq(evaluationPredictions.runId, evaluations.runId), eq(evaluationPredictions.evaluationId, evaluations.id)),
    )
    .leftJoin(
      evaluationReports,
      and(eq(evaluationReports.runId, evaluations.runId), eq(evaluationReports.evaluationId, evaluations.id)),
    )
    .leftJoin(
      evaluationReleases,
      and(eq(evaluationReleases.runId, evaluations.runId), eq(evaluationReleases.evaluationId, evaluations.id)),
    )
    .where(asked)
    .orderBy(desc(evaluations.id), desc(evaluationReports.version))
    .limit(LISTED_MAX);
  const newest = rows.filter(({ evaluation }, at) => rows[at - 1]?.evaluation.id !== evaluation.id);
  const maySeeTests = can(actor, "tests.read");
  return Promise.all(
    newest.map(async ({ evaluation, file, reported, release }) => ({
      ...(await toEvaluation(evaluation, file, reported !== null)),
      released: release && maySeeTests ? { mode: release.mode, better: release.better, loss: release.loss } : null,
    })),
  );
}

async function toEvaluation(
  row: EvaluationRecord,
  file: string | null,
  isReported: boolean,
): Promise<Omit<Evaluation, "released">> {
  const job = file === null || isReported ? null : await findJob(REPORT_JOB, evaluationSubject(row));
  const failure = job && readFailure(job);
  const { runId, id, checkpointId, checkpointPath, checkpointSha256, step, createdAt } = row;
  return {
    id,
    run: runId,
    checkpoint: { id: checkpointId, path: checkpointPath, sha256: checkpointSha256, step },
    manifest: row.manifestId,
    split: row.split,
    splitDigest: row.splitDigest,
    samples: row.samples,
    task: row.task,
    form: row.form,
    classes: row.classes,
    scoresAre: row.scoresAre,
    purpose: row.purpose,
    reason: row.reason,
    status: file === null ? "receiving" : isReported ? "done" : failure ? "failed" : "computing",
    received: file === null ? await countReceived(runId, id) : row.samples,
    progress: file !== null && !isReported ? (job?.progress ?? 0) : null,
    failure: failure ? failureWords(failure) : null,
    predictions: file,
    createdBy: row.createdBy,
    createdAt: createdAt.toISOString(),
  };
}

/** Rows of all batches that came; a key that came twice counts twice until the evaluation is complete. */
export async function countReceived(runId: string, id: string): Promise<number> {
  const [row] = await connections().sql<{ rows: number }[]>`
    select coalesce(sum(rows), 0)::int as rows from prediction_batches where run_id = ${runId} and evaluation_id = ${id}`;
  return row!.rows;
}
