import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { byUnit, scoresBehind } from "../evaluations/measures/sample-scores.ts";
import { classifiedOf } from "../evaluations/test-evaluated.ts";
import { evaluate, newCheckpointRun, newManifestOf } from "../evaluations/test-evaluation.ts";
import { appendBatch } from "../metrics/append.ts";
import { endRun } from "../metrics/end-run.ts";
import { createWriter } from "../runs/writers.ts";
import { validationSampleVariance } from "../statistics/replicates/sample-variance.ts";
import { createStudy } from "../studies/studies.ts";
import { batchOf, newProject, prepareWorkspace } from "../test-workspace.ts";
import { startLoop } from "./loops.ts";
import { ruleOnCandidate } from "./rule.ts";

prepareWorkspace();

const SAMPLES = 40;
const keys = Array.from({ length: SAMPLES }, (_, at) => `v${String(at).padStart(2, "0")}`);
const classes = ["cat", "dog"];

/** Which samples a run gets wrong: the first `wrong`, and one of its own. */
const scoresOf = (wrong: number, own: number): number[] =>
  keys.map((_, at) => (at < wrong || at === SAMPLES - 1 - own ? 0 : 1));

async function newPlace() {
  const project = await newProject();
  const manifest = await newManifestOf(project, [
    { key: "t", split: "train", label: "cat" },
    ...keys.map((key) => ({ key, split: "validation" as const, label: "cat" })),
  ]);
  const objective = { metric: "val_acc", split: "validation", direction: "max" };
  const plan = { project: project.id, title: "Loop", mode: "loop", objective, manifest: manifest.id };
  const study = (await createStudy(systemActor, plan)).id;
  let seed = 0;
  const trained = async (config: object, scores: number[], isEvaluated = true): Promise<string> => {
    const { run } = await newCheckpointRun(project, manifest, { config, seed: ++seed });
    const writer = crypto.randomUUID();
    await createWriter(systemActor, run, { writer, mode: "join" });
    const value = scores.reduce((sum, score) => sum + score, 0) / SAMPLES;
    await appendBatch(systemActor, run, batchOf(writer, 1, "validation", [10], { val_acc: [value] }));
    const said = { sequence: 1, keys, classes: scores.map((score) => (score === 1 ? "cat" : "dog")) };
    const input = { split: "validation", task: "classification", form: "class", classes } as const;
    if (isEvaluated) await evaluate(run, { input: { ...input, classes }, batch: said });
    await endRun(systemActor, run, { status: "finished" });
    return run;
  };
  const incumbent = [0, 1, 2].map((own) => scoresOf(16 + (own % 2), own));
  const first = await trained({ lr: 1 }, incumbent[0]!);
  await startLoop(systemActor, study, { run: first, rule: { screen: null, seeds: 4 } });
  const hand = async (runs: string[]) => ruleOnCandidate(systemActor, study, { runs });
  await hand([await trained({ lr: 1 }, incumbent[1]!), await trained({ lr: 1 }, incumbent[2]!)]);
  return { trained, hand, incumbent };
}

const runsOf = (wrong: number) => [4, 5, 6, 7].map((own) => scoresOf(wrong + (own % 2), own));

test("a gain is tested with what the samples add to it, where the predictions of every run are here", async () => {
  const { trained, hand, incumbent } = await newPlace();
  const beside = [scoresOf(16, 9), scoresOf(17, 8)];
  const behind = [await trained({ lr: 1 }, beside[0]!)];
  for (const [at, scores] of runsOf(17).entries()) behind.push(await trained({ lr: 2 }, scores, at > 0));
  expect(await hand(behind)).toMatchObject({
    reason: "behind",
    figures: { test: { claim: "this-set" }, samples: null },
  });
  const better = [await trained({ lr: 1 }, beside[1]!)];
  for (const scores of runsOf(3)) better.push(await trained({ lr: 3 }, scores));
  const told = await hand(better);
  const expected = validationSampleVariance(runsOf(3), [...incumbent, ...beside]);
  if ("undefined" in expected) throw new Error(expected.undefined);
  expect(told).toMatchObject({ ruling: "keep", figures: { test: { claim: "samples" }, samples: { count: SAMPLES } } });
  expect(told.figures!.samples!.variance).toBeCloseTo(expected.variance, 12);
  expect(told.figures!.test!.error).toBeGreaterThan(Math.sqrt(expected.variance));
});

test("groups of samples are one unit each, and a value is known again by its measure alone", () => {
  const evaluated = { ...classifiedOf([0, 0, 1, 1], [0, 1, 1, 1], 2), units: Int32Array.from([0, 0, 1, 2]) };
  const right = scoresBehind(evaluated, "right", 0.75)!;
  expect([...right]).toEqual([1, 0, 1, 1]);
  expect([...byUnit(evaluated, right)]).toEqual([0.75, 0.75, 0.75]);
  expect(scoresBehind(evaluated, "wrong", 0.75)).toBeNull();
  expect(scoresBehind(evaluated, "log-loss", 0.75)).toBeNull();
});
