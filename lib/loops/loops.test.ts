import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { newManifest } from "../manifests/test-manifest.ts";
import { appendBatch } from "../metrics/append.ts";
import { endRun } from "../metrics/end-run.ts";
import { concludeStudy } from "../studies/conclusion.ts";
import { createStudy, updateStudy } from "../studies/studies.ts";
import { batchOf, newMember, newProject, newRun, newToken, prepareWorkspace, sqlAs } from "../test-workspace.ts";
import type { Project } from "../wire/projects.ts";
import { greedyOf } from "./greedy.ts";
import { getLoop, startLoop } from "./loops.ts";
import { ruleOnCandidate } from "./rule.ts";

const { database } = prepareWorkspace();

const objective = { metric: "accuracy", split: "validation", direction: "max" };
let seed = 0;

type Trained = { config?: object; value: number | null; manifest: string; seed?: number };

/** A run that ended with this value; null: it diverged. */
async function trained(
  project: Project,
  { config = { lr: 1 }, value, manifest, seed: given }: Trained,
): Promise<string> {
  const { run, writer } = await newRun(project, { config, seed: given ?? ++seed, manifest });
  const metrics = { accuracy: [value ?? Number.NaN] };
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [1], metrics));
  const failure = { reason: "diverged", message: "NaN" };
  await endRun(systemActor, run.id, value === null ? { status: "failed", failure } : { status: "finished" });
  return run.id;
}

async function newLoop() {
  const project = await newProject();
  const manifest = (await newManifest(project)).id;
  const study = await createStudy(systemActor, {
    project: project.id,
    title: "Loop",
    mode: "loop",
    objective,
    manifest,
  });
  const { actor } = await newToken(project, "ingest");
  const runs = (values: (number | null)[], config: object = { lr: 1 }) =>
    Promise.all(values.map((value) => trained(project, { config, value, manifest })));
  const hand = (ids: string[]) => ruleOnCandidate(actor, study.id, { runs: ids });
  const [first] = await runs([0.9]);
  await startLoop(actor, study.id, { run: first });
  return { project, study: study.id, manifest, actor, runs, hand, first: first! };
}

test("a gain is kept after its confirmation, the lucky runs don't count as its value, and who was replaced is history", async () => {
  const { study, runs, hand, actor, first } = await newLoop();
  const better = { lr: 2 };
  const [screen] = await runs([0.95], better);
  expect(await hand([screen!])).toMatchObject({
    ruling: "run-again",
    reason: "no-noise-floor",
    figures: { run: { incumbent: 2 } },
  });
  const more = await runs([0.902, 0.899]);
  expect(await hand(more)).toMatchObject({ ruling: "refused", reason: "seed-only" });
  const asked = await hand([screen!]);
  expect(asked).toMatchObject({
    ruling: "run-again",
    reason: "unconfirmed",
    figures: { run: { candidate: 4, incumbent: 1 } },
  });
  const confirm = await runs([0.94, 0.943, 0.939, 0.941], better);
  const beside = await runs([0.901]);
  const kept = await hand([...confirm, ...beside]);
  expect(kept).toMatchObject({ ruling: "keep", reason: "gain", figures: { incumbent: [0.9, 0.902, 0.899, 0.901] } });
  expect(kept.figures!.test!.gain).toBeCloseTo((0.94 + 0.943 + 0.939 + 0.941) / 4 - 0.9005, 12);
  expect(kept.figures!.test!.p).toBeLessThan(kept.figures!.level);
  // an answer that was lost is asked for again
  expect(await hand([...confirm, ...beside])).toEqual(kept);
  const loop = await getLoop(actor, study);
  expect(loop).toMatchObject({ spent: 1, keeps: 1, incumbent: { run: screen, value: null, runs: 0 } });
  // the runs that won stay out of what the new incumbent is worth
  await hand(await runs([0.93], better));
  expect((await getLoop(actor, study)).incumbent).toMatchObject({ run: screen, value: 0.93, runs: 1 });
  const back = { runs: [first] };
  expect(await ruleOnCandidate(actor, study, back)).toMatchObject({ ruling: "discard", reason: "history" });
  expect(await ruleOnCandidate(actor, study, { ask: { config: { lr: 1, seed: 99 }, likeRun: first } })).toMatchObject({
    ruling: "discard",
    reason: "history",
    id: null,
  });
  expect(await ruleOnCandidate(actor, study, { ask: { config: { lr: 3 }, likeRun: first } })).toMatchObject({
    ruling: "run-again",
    reason: "unscreened",
  });
});

test("what one run each would have kept counts each candidate once, by its first value", () => {
  const told = (
    number: number,
    recipe: string,
    candidate: (number | null)[],
    ruling: "discard" | "run-again" = "discard",
  ) => ({ number, recipe, ruling, figures: { candidate } }) as never;
  const rulings = [
    told(4, "c", [0.7]),
    told(1, "a", [0.8], "run-again"),
    told(2, "a", [0.8, 0.6]),
    told(3, "b", [null, 0.9]),
  ];
  expect(greedyOf(rulings, 0.75, "max")).toMatchObject({ candidates: 3, keeps: 2, claim: 0.9, recipe: "b" });
  expect(greedyOf(rulings, 0.75, "min")).toMatchObject({ candidates: 3, keeps: 1, claim: 0.7, recipe: "c" });
  expect(greedyOf([], 0.75, "max").claim).toBeNull();
});

test("noise, a crash twice, a repeated seed and another manifest are told apart", async () => {
  const { project, study, manifest, runs, hand, actor } = await newLoop();
  await hand(await runs([0.902, 0.898]));
  expect(await hand(await runs([0.901], { lr: 5 }))).toMatchObject({ ruling: "discard", reason: "screen" });
  expect(await hand(await runs([null], { lr: 6 }))).toMatchObject({ ruling: "run-again", reason: "unscreened" });
  expect(await hand(await runs([null], { lr: 6 }))).toMatchObject({ ruling: "discard", reason: "crashed" });
  const [lucky] = await runs([0.91], { lr: 7 });
  const again = await trained(project, { config: { lr: 7 }, value: 0.91, manifest, seed });
  expect(await hand([lucky!, again])).toMatchObject({
    reason: "unconfirmed",
    figures: { candidate: [0.91], run: { candidate: 4 } },
  });
  const [beside] = await runs([0.9]);
  const told = await hand([...(await runs([0.9005, 0.901, 0.9, 0.9007], { lr: 7 })), beside!]);
  expect(told).toMatchObject({ ruling: "discard", reason: "not-distinguishable" });
  expect((await getLoop(actor, study)).spent).toBe(1);
  const other = (await newManifest(project, { x: "train", y: "validation", z: "test" }).catch(() => null))?.id;
  if (other)
    await expect(hand([await trained(project, { value: 0.99, manifest: other })])).rejects.toThrow(/another manifest/);
  const uncited = await newRun(project, {});
  await endRun(systemActor, uncited.run.id, { status: "finished" });
  await expect(hand([uncited.run.id])).rejects.toThrow(/another manifest/);
  const { run } = await newRun(project, { manifest });
  await expect(hand([run.id])).rejects.toThrow(/is running/);
});

test("the rule stands, a study of another mode has no loop, a reader can't ask, and rows are final", async () => {
  const { project, study, first, runs } = await newLoop();
  const { actor: member } = await newMember("member");
  await expect(startLoop(member, study, { run: first, rule: { alpha: 0.5 } })).rejects.toThrow(/rule stands/);
  // what candidates are measured by stands as well
  const turned = updateStudy(member, study, { objective: { ...objective, direction: "min" } });
  await expect(turned).rejects.toThrow(/objective: can't change/);
  const plain = await createStudy(member, { project: project.id, title: "Plain", objective });
  await expect(startLoop(member, plain.id, { run: first })).rejects.toThrow(/mode: the study is of mode explore/);
  const { actor: reader } = await newToken(project, "read");
  await expect(ruleOnCandidate(reader, study, { runs: [first] })).rejects.toThrow(/rulings.ask/);
  const { actor } = await newToken(project, "ingest");
  await ruleOnCandidate(actor, study, { runs: await runs([0.5], { lr: 9 }) });
  await concludeStudy(member, study, { conclusion: "Enough.", decision: "reject" });
  const late = { runs: await runs([0.7], { lr: 8 }) };
  await expect(ruleOnCandidate(actor, study, late)).rejects.toThrow(/is concluded/);
  for (const statement of [
    "update rulings set ruling = 'keep'",
    "delete from loop_runs",
    "update loops set rule = '{}'",
  ])
    await expect(sqlAs(database().appUrl, statement)).rejects.toThrow(/final|denied/);
});
