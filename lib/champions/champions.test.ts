import { beforeAll, expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { type MemberActor, systemActor } from "../access/actor.ts";
import { overrideManifest } from "../checks/report.ts";
import { createDataset } from "../datasets/datasets.ts";
import { doJobs, newCheckpointRun, newManifestOf } from "../evaluations/test-evaluation.ts";
import { registerManifest } from "../manifests/register.ts";
import { updateProject } from "../settings/project-settings.ts";
import { newMember, newProject, newRun, newToken, prepareWorkspace } from "../test-workspace.ts";
import type { ClaimInput } from "../wire/champions.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import type { Project } from "../wire/projects.ts";
import { aliasesOf, listMoves, moveAlias } from "./aliases.ts";
import { getChampion } from "./champion.ts";
import { claimChampion } from "./claim.ts";
import { listClaims } from "./history.ts";
import { writeRule } from "./rules.ts";
import { signClaim } from "./sign-offs.ts";
import { accuracyRule, newAnswering } from "./test-champion.ts";

prepareWorkspace();

const SAMPLES = 40;
const truth = Array.from({ length: SAMPLES }, (_, at) => (at % 2 === 0 ? "cat" : "dog"));
const keysOf = (split: "validation" | "test") => truth.map((_, at) => `${split} ${String(at).padStart(3, "0")}`);
/** Right but for the first so many. */
const wrong = (count: number) => truth.map((label, at) => (at < count ? (label === "cat" ? "dog" : "cat") : label));

let ada: MemberActor;
let ben: MemberActor;
let project: Project;
let manifest: Manifest;

const newSplit = (of: Project) =>
  newManifestOf(of, [
    ...keysOf("validation").map((key, at) => ({ key, split: "validation" as const, label: truth[at]! })),
    ...keysOf("test").map((key, at) => ({ key, split: "test" as const, label: truth[at]! })),
  ]);
const answering = (count: number, split: "validation" | "test" = "validation", of = { project, manifest }) =>
  newAnswering(of.project, { manifest: of.manifest, split, keys: keysOf(split), answers: wrong(count) });
const claim = (input: Partial<ClaimInput> & { run: string; evaluation?: string }, by = ada, of = project) => {
  const { evaluation, ...rest } = input;
  const evidence = evaluation === undefined ? [] : [evaluation];
  return claimChampion(by, of.id, { evidence, rule: accuracyRule, reason: "it is the best", ...rest });
};
const champion = async (of = { project, manifest }) =>
  (await getChampion(ada, of.project.id, { manifest: of.manifest.id })).claim;

beforeAll(async () => {
  ada = (await newMember("member")).actor;
  ben = (await newMember("member")).actor;
  project = await newProject();
  manifest = await newSplit(project);
});

test("the first claim is the champion, waits for a second member, and is signed off by one", async () => {
  const first = await answering(20);
  const id = await claim(first);
  expect(await champion()).toMatchObject({ id, number: 1, standing: "first", state: "waiting", replaced: null });
  await expect(signClaim(ada, project.id, id, { approves: true })).rejects.toMatchObject({ kind: "conflict" });
  await signClaim(ben, project.id, id, { approves: true });
  expect(await champion()).toMatchObject({ state: "signed", signOffs: [{ by: ben.name, approves: true }] });
});

test("a run replaces the champion where the paired comparison shows that it is better, and else only where the claim says so", async () => {
  const same = await answering(19);
  await expect(claim(same)).rejects.toMatchObject({ kind: "conflict", errors: [{ field: "margin" }] });
  const better = await answering(2);
  const id = await claim(better);
  expect(await champion()).toMatchObject({ id, standing: "better", run: { id: better.run } });
  expect((await getChampion(ada, project.id, { manifest: manifest.id })).comparison).toMatchObject({
    difference: expect.closeTo(0.45, 10),
    samples: SAMPLES,
  });
  const unproven = await claim({ ...same, isUnproven: true, reason: "half the size" });
  expect(await champion()).toMatchObject({ id: unproven, standing: "unproven", replaced: id });
});

test("a claim that a member refuses stands no longer, and stands again once that member approves", async () => {
  const now = await champion();
  await signClaim(ben, project.id, now.id, { approves: false, word: "size is no reason" });
  const back = await champion();
  expect(back).toMatchObject({ id: now.replaced, standing: "better" });
  await expect(signClaim(ben, project.id, now.id, { approves: false })).rejects.toMatchObject({ kind: "invalid" });
  await signClaim(ben, project.id, now.id, { approves: true, word: "it is, on phones" });
  expect((await champion()).id).toBe(now.id);
  const history = await listClaims(ada, { projectId: project.id, manifestId: manifest.id });
  expect(history.map(({ number, standing }) => [number, standing])).toEqual([
    [3, "unproven"],
    [2, "better"],
    [1, "first"],
  ]);
});

test("of two claims at once one stands, and the other is told that it came between", async () => {
  const own = { project, manifest: await newSplit(project) };
  const runs = [await answering(9, "validation", own), await answering(8, "validation", own)];
  const { sql } = connections();
  // both have seen that there is no claim, and wait for the member's row to store theirs
  const { claiming } = await sql.begin(async (tx) => {
    await tx`select from users where id = ${ada.id} for update`;
    const claiming = Promise.allSettled(runs.map((run) => claim(run)));
    await expect
      .poll(
        async () =>
          (await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
            .length,
        {
          timeout: 20_000,
        },
      )
      .toBe(2);
    return { claiming };
  });
  const made = await claiming;
  expect(made.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const late = made.findIndex(({ status }) => status === "rejected");
  expect(made[late]).toMatchObject({
    reason: { kind: "conflict", errors: [{ field: "claim", detail: expect.stringMatching(/came between/) }] },
  });
  expect((await champion(own)).run.id).toBe(runs[1 - late]!.run);
  // it has seen the champion now, and is held against it
  await claim({ ...runs[late]!, isUnproven: true });
  expect(await champion(own)).toMatchObject({ number: 2, run: { id: runs[late]!.run } });
});

test("a margin that the difference doesn't reach is refused though chance is ruled out", async () => {
  const own = { project, manifest: await newSplit(project) };
  const [worse, better] = [await answering(20, "validation", own), await answering(8, "validation", own)];
  await claim(worse);
  await expect(claim({ ...better, rule: { ...accuracyRule, margin: 0.31 } })).rejects.toMatchObject({
    errors: [{ field: "margin" }],
  });
  await claim({ ...better, rule: { ...accuracyRule, margin: 0.3 } });
  expect((await champion(own)).run.id).toBe(better.run);
});

test("what a claim lacks is refused by name", async () => {
  const other = await answering(1);
  const third = await newCheckpointRun(project, manifest);
  const uncited = await newRun(project);
  const bare = await newRun(project, { manifest: manifest.id });
  const onOther = { project, manifest: await newSplit(project) };
  const elsewhere = await answering(1, "validation", onOther);
  const refused: [Parameters<typeof claim>[0], string, RegExp][] = [
    [{ run: uncited.run.id }, "run", /cites no manifest/],
    [{ run: bare.run.id }, "checkpoint", /no finished checkpoint/],
    [{ run: third.run }, "evidence", /evaluate the run/],
    [{ run: third.run, evaluation: other.evaluation }, "evidence", /of another run/],
    [{ run: third.run, evaluation: elsewhere.evaluation }, "evidence", /of another run/],
    [{ run: other.run, evaluation: uncited.run.id }, "evidence", /isn't done/],
    [{ ...other, rule: { ...accuracyRule, split: "test" } }, "evidence", /evaluate the run on test/],
    [{ ...other, rule: { ...accuracyRule, metric: "log-loss", direction: "min" } }, "rule.metric", /no log-loss/],
    [{ ...other, rule: { ...accuracyRule, direction: "min" } }, "direction", /max is better/],
    [{ ...other, rule: { ...accuracyRule, seeds: [3] } }, "rule.seeds", /3/],
    [{ ...other, rule: uncited.run.id }, "rule", /no rule/],
    [{ ...other, reason: " " }, "reason", /why/],
  ];
  const before = (await champion()).id;
  for (const [input, field, detail] of refused)
    await expect(claim(input), field).rejects.toMatchObject({
      errors: [{ field, detail: expect.stringMatching(detail) }],
    });
  expect((await champion()).id).toBe(before);
});

test("a manifest that is unchecked, or blocked until a member overrides it in writing, has no champion", async () => {
  const leaking = await newProject("Leaking");
  const dataset = { name: "copies", version: "1" };
  await createDataset(systemActor, { project: leaking.id, ...dataset });
  const key = keysOf("validation");
  const { id } = await registerManifest(systemActor, {
    project: leaking.id,
    name: "copies",
    dataset,
    method: "given",
    samples: {
      key,
      split: key.map((_, at) => (at < 20 ? "train" : at < 30 ? "validation" : "test")),
      label: truth,
      contentHash: key.map(() => "a".repeat(64)),
    },
  });
  const { run } = await newCheckpointRun(leaking, { id });
  const refused = (field: string, detail: RegExp) => ({
    errors: [{ field, detail: expect.stringMatching(detail) }],
  });
  await expect(claim({ run }, ada, leaking)).rejects.toMatchObject(refused("manifest", /aren't done/));
  await doJobs();
  await expect(claim({ run }, ada, leaking)).rejects.toMatchObject(refused("manifest", /block/));
  await overrideManifest(systemActor, leaking.id, id, { reason: "its copies are known" });
  await expect(claim({ run }, ada, leaking)).rejects.toMatchObject(refused("evidence", /evaluate the run/));
});

test("a rule is pre-registered where it was written before the first look at a candidate, and the claim says of how many it is the best", async () => {
  const own = { project, manifest: await newSplit(project) };
  const place = { projectId: project.id, manifestId: own.manifest.id };
  const before = await writeRule(ada, place, { ...accuracyRule, split: "test" });
  const first = await answering(6, "test", own);
  const second = await answering(3, "test", own);
  await claim({ ...second, rule: before.id });
  const chosen = await champion(own);
  expect(chosen).toMatchObject({ written: "pre-registered", candidates: 2 });
  const { interval } = chosen.evidence[0]!.metrics!.find(({ metric }) => metric === "accuracy")!;
  const { low, high } = interval as { low: number; high: number };
  // s m_2: a standard error by the interval's width, and 1/√π
  expect(chosen.luck).toBeCloseTo((high - low) / (2 * 1.959964) / Math.sqrt(Math.PI), 6);
  const after = await writeRule(ada, place, { ...accuracyRule, split: "test" });
  await claim({ ...first, rule: after.id, isUnproven: true });
  expect(await champion(own)).toMatchObject({ written: "afterwards", candidates: 2 });
});

test("a test number is left out for who may not see it, and nobody but members claims", async () => {
  const own = { project, manifest: await newSplit(project) };
  const tested = await answering(1, "test", own);
  await claim({ ...tested, rule: { ...accuracyRule, split: "test" } });
  const query = { manifest: own.manifest.id };
  const metricsFor = async (actor: Parameters<typeof getChampion>[0]) =>
    (await getChampion(actor, project.id, query)).claim.evidence.map(({ metrics }) => metrics?.[0]?.value ?? null);
  expect(await metricsFor(ada)).toEqual([0.975]);
  expect(await metricsFor((await newToken(project, "evaluate")).actor)).toEqual([0.975]);
  for (const scope of ["read", "ingest", "admin"] as const) {
    const { actor } = await newToken(project, scope);
    expect(await metricsFor(actor)).toEqual([null]);
    await expect(claimChampion(actor, project.id, {})).rejects.toMatchObject({ kind: "forbidden" });
  }
});

test("an alias points to a claim of its manifest, moves with a reason, and finds the champion", async () => {
  const place = { projectId: project.id, manifestId: manifest.id };
  const [newest, , first] = await listClaims(ada, place);
  await moveAlias(ada, place, { alias: "staging", claim: first!.id, reason: "to be tried" });
  await expect(moveAlias(ada, place, { alias: "staging", claim: first!.id, reason: "again" })).rejects.toMatchObject({
    kind: "conflict",
  });
  await expect(moveAlias(ada, place, { alias: "Not This", claim: first!.id, reason: "x" })).rejects.toMatchObject({
    errors: [{ field: "alias" }],
  });
  expect((await getChampion(ada, project.id, { ...place, alias: "staging", manifest: manifest.id })).claim.id).toBe(
    first!.id,
  );
  await moveAlias(ada, place, { alias: "staging", claim: newest!.id, reason: "tried" });
  await moveAlias(ada, place, { alias: "old", claim: first!.id, reason: "kept" });
  await moveAlias(ada, place, { alias: "old", claim: null, reason: "no longer kept" });
  expect(aliasesOf(await listMoves(ada, place))).toEqual(new Map([["staging", newest!.id]]));
});

test("without a manifest the API answers where one has a champion, and else lists them", async () => {
  await expect(getChampion(ada, project.id, {})).rejects.toMatchObject({ kind: "conflict" });
  await expect(updateProject(ada, project.id, { chosenManifest: "f".repeat(64) })).rejects.toMatchObject({
    errors: [{ field: "chosenManifest" }],
  });
  await updateProject(ada, project.id, { chosenManifest: manifest.id });
  expect((await getChampion(ada, project.id, {})).manifest.id).toBe(manifest.id);
  await updateProject(ada, project.id, { chosenManifest: null });
  const single = await newProject("One");
  await expect(getChampion(ada, single.id, {})).rejects.toMatchObject({ kind: "not-found" });
  const own = { project: single, manifest: await newSplit(single) };
  const run = await answering(1, "validation", own);
  const id = await claim(run, ada, single);
  const found = await getChampion(ada, single.id, {});
  expect(found.claim.id).toBe(id);
  expect(found.files.map(({ path }) => path)).toEqual(["checkpoints/best.safetensors"]);
});
