import { beforeAll, expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import {
  type Evaluable,
  evaluate,
  newCheckpointRun,
  newEvaluable,
  newManifestOf,
  type TestSample,
} from "../evaluations/test-evaluation.ts";
import { newToken, prepareWorkspace } from "../test-workspace.ts";
import type { ComparedRun } from "../wire/comparison.ts";
import { readEvaluatedTexts } from "./export/read-evaluated.ts";
import { pairWithBaseline, readComparedEvaluations } from "./read-evaluations.ts";
import { readComparedRuns } from "./read-runs.ts";

prepareWorkspace();

const classes = ["cat", "dog"];
const SAMPLES = 80;
const labelOf = (at: number) => classes[at % 2]!;
const keyOf = (split: string, at: number) => `${split}${String(at).padStart(3, "0")}`;
const samplesOf = (tests: number): TestSample[] => [
  ...Array.from({ length: SAMPLES }, (_, at) => ({
    key: keyOf("v", at),
    split: "validation" as const,
    label: labelOf(at),
  })),
  ...Array.from({ length: tests }, (_, at) => ({ key: keyOf("t", at), split: "test" as const, label: labelOf(at) })),
  { key: "train", split: "train", label: "cat" },
];

/** Right on all but those whose place is a multiple of `wrongEach`. */
const answers = (count: number, wrongEach: number) =>
  Array.from({ length: count }, (_, at) => (at % wrongEach === 0 ? classes[(at + 1) % 2]! : labelOf(at)));

const onValidation = (run: string, wrongEach: number) =>
  evaluate(run, {
    input: { split: "validation", task: "classification", form: "class", classes },
    batch: {
      sequence: 1,
      keys: Array.from({ length: SAMPLES }, (_, at) => keyOf("v", at)),
      classes: answers(SAMPLES, wrongEach),
    },
  });
const onTest = (run: string, tests: number) =>
  evaluate(run, {
    input: {
      split: "test",
      task: "classification",
      form: "class",
      classes,
      purpose: "final",
      reason: "the recipe is settled",
    },
    batch: {
      sequence: 1,
      keys: Array.from({ length: tests }, (_, at) => keyOf("t", at)),
      classes: answers(tests, 5),
    },
  });

let base: Evaluable;
let runs: ComparedRun[];
let newest: string[];

beforeAll(async () => {
  base = await newEvaluable(samplesOf(20));
  const { project, manifest } = base;
  const [better, same, other, none] = [
    await newCheckpointRun(project, manifest),
    await newCheckpointRun(project, manifest),
    await newCheckpointRun(project, await newManifestOf(project, samplesOf(10))),
    await newCheckpointRun(project, manifest),
  ];
  await onValidation(base.run, 2);
  // a later one stands for the run
  newest = [(await onValidation(base.run, 3)).id, (await onValidation(better.run, 40)).id];
  await onValidation(same.run, 3);
  await onTest(base.run, 20);
  await onTest(better.run, 20);
  await onTest(other.run, 10);
  runs = await readComparedRuns(
    systemActor,
    project.id,
    [base, better, same, other, none].map(({ run }) => run),
  );
}, 120_000);

const project = () => ({ id: base.project.id, primaryMetric: null, smallestDifference: null });
const read = (actor = systemActor as never) => readComparedEvaluations(actor, project(), { runs, baseline: base.run });

test("a run's newest evaluation stands for it, with its number, its interval and which look it was", async () => {
  const [validation, tested] = await read();
  expect(validation).toMatchObject({ split: "validation", metric: "accuracy", isOneVersion: true });
  expect(validation!.cells.slice(0, 2).map((cell) => cell?.id)).toEqual(newest);
  expect(validation!.cells.map((cell) => cell?.lead?.value ?? null)).toEqual([
    expect.closeTo(53 / 80, 9),
    expect.closeTo(78 / 80, 9),
    expect.closeTo(53 / 80, 9),
    null,
    null,
  ]);
  expect(validation!.cells[0]!.lead!.interval).toHaveProperty("low");
  expect(tested!.cells.map((cell) => cell?.look ?? null)).toEqual([1, 2, null, 1, null]);
});

test("an evaluation on other test samples than the baseline's is named as not comparable, without its number", async () => {
  const [, tested] = await read();
  expect(tested!.cells.map((cell) => cell?.standing ?? null)).toEqual(["shown", "shown", null, "other-samples", null]);
  expect(tested!.cells[3]!.lead).toBeNull();
});

test("a token that may not read test numbers is told that there are some, and none of them", async () => {
  const { actor } = await newToken(base.project, "read");
  const [validation, tested] = await read(actor as never);
  expect(validation!.cells[0]!.standing).toBe("shown");
  expect(tested!.cells.map((cell) => cell?.standing ?? null).slice(0, 2)).toEqual(["shut", "shut"]);
  expect(JSON.stringify(tested)).not.toMatch(/"value"/);
  // nor in a text that is taken along
  const facts = { runs, baseline: base.run, notices: [] };
  const texts = await readEvaluatedTexts(actor, project(), facts);
  expect(texts.map(({ row, paired }) => [row.split, paired !== null])).toEqual([
    ["validation", true],
    ["test", false],
  ]);
  expect(JSON.stringify(texts[1])).not.toMatch(/"value"|"difference"/);
  expect((await readEvaluatedTexts(systemActor, project(), facts))[1]!.paired).not.toBeNull();
});

test("paired differences tell a real one from none, by Holm over the row", async () => {
  const [validation] = await read();
  const pairs = validation!.cells.flatMap((cell) => (cell ? [{ run: cell.run, evaluation: cell.id }] : []));
  const { byRun, beyond } = await pairWithBaseline(systemActor, project(), pairs, "accuracy");
  const [, better, same] = runs.map(({ id }) => byRun[id]);
  expect(better).toMatchObject({ decision: "better", difference: expect.closeTo(25 / 80, 9) });
  expect(same).toMatchObject({ decision: "not-distinguishable", difference: 0 });
  expect(beyond).toBe(0);
});

test("runs without evaluations have no row", async () => {
  expect(await readComparedEvaluations(systemActor, project(), { runs: runs.slice(4), baseline: runs[4]!.id })).toEqual(
    [],
  );
  expect(await readComparedEvaluations(systemActor, project(), { runs: [], baseline: base.run })).toEqual([]);
});
