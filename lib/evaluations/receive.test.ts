/** Predictions on their way in: stored once, and refused by name. */
import { createHash } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { beforeAll, expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { listLooks } from "../looks/looks.ts";
import { newMember, newRun, newToken, prepareWorkspace } from "../test-workspace.ts";
import type { EvaluationCreate } from "../wire/evaluations/evaluations.ts";
import {
  decodePredictions,
  encodePredictions,
  keysText,
  type PredictionsJson,
  predictionsFromJson,
  predictionsSchema,
} from "../wire/evaluations/predictions.ts";
import { completeEvaluation } from "./complete.ts";
import { createEvaluation, listEvaluations } from "./evaluations.ts";
import { appendPredictions } from "./receive.ts";
import { type Evaluable, newEvaluable, type TestSample } from "./test-evaluation.ts";

prepareWorkspace();
const classes = ["cat", "dog"];
/** Keys whose order by bytes is another than by letters of a language: é is two bytes. */
const keys = ["a", "b", "z", "é", "ﬃ", "𝒳"];
const samples: TestSample[] = [
  ...keys.map((key, at) => ({ key, split: "validation" as const, label: classes[at % 2]! })),
  { key: "in train", split: "train", label: "cat" },
  { key: "in test", split: "test", label: "dog" },
];
let world: Evaluable;
beforeAll(async () => {
  world = await newEvaluable(samples);
});

const scored: EvaluationCreate = {
  split: "validation",
  task: "classification",
  form: "scores",
  scoresAre: "probabilities",
  classes,
};
const open = (input: EvaluationCreate = scored) => createEvaluation(systemActor, world.run, input);
const send = (evaluation: { id: string }, batch: PredictionsJson, isBinary = false) =>
  appendPredictions(systemActor, world.run, evaluation.id, ({ classes }) => {
    const columns = predictionsFromJson(predictionsSchema.parse(batch), classes);
    return isBinary ? decodePredictions(encodePredictions(columns)) : columns;
  });
const complete = ({ id }: { id: string }) => completeEvaluation(systemActor, world.run, id);
const columnsOf = (rows: number, first = 0.75) => [Array(rows).fill(first), Array(rows).fill(1 - first)];

test("predictions come by key, in any order and in JSON and binary batches, each stored once", async () => {
  const evaluation = await open();
  expect(evaluation).toMatchObject({ status: "receiving", received: 0, samples: 6, checkpoint: { step: 10 } });
  const first = { sequence: 1, keys: ["𝒳", "a", "é"], scores: columnsOf(3) };
  expect(await send(evaluation, first)).toEqual({ stored: true, duplicate: false, received: 3, samples: 6 });
  expect(await send(evaluation, first, true)).toMatchObject({ stored: false, duplicate: true, received: 3 });
  await expect(send(evaluation, { ...first, scores: columnsOf(3, 0.5) })).rejects.toMatchObject({
    kind: "conflict",
    errors: [{ field: "sequence" }],
  });
  await expect(complete(evaluation)).rejects.toMatchObject({
    kind: "conflict",
    detail: 'keys: predictions of 3 of 6 samples are missing: "b", "z", "ﬃ"',
  });
  await send(evaluation, { sequence: 7, keys: ["b", "ﬃ", "z", "a"], scores: columnsOf(4) }, true);
  const done = await complete(evaluation);
  expect(done).toMatchObject({ status: "computing", received: 6 });
  expect(await complete(evaluation)).toEqual(done);
  expect(await send(evaluation, first)).toMatchObject({ duplicate: true });
  await expect(send(evaluation, { ...first, sequence: 8 })).rejects.toThrow("the evaluation is complete");
});

test("rows in the order of the keys' bytes say no keys, once the digest of the keys is given", async () => {
  const keysDigest = createHash("sha256").update(keysText(keys)).digest("hex");
  const evaluation = await open({ ...scored, keysDigest });
  await send(evaluation, { sequence: 2, first: 4, scores: columnsOf(2, 0.25) }, true);
  await send(evaluation, { sequence: 1, first: 0, scores: columnsOf(4, 0.25) });
  const inOrder = await complete(evaluation);
  const byKey = await open();
  await send(byKey, { sequence: 1, keys: keys.toReversed(), scores: columnsOf(6, 0.25) });
  expect((await complete(byKey)).predictions).toBe(inOrder.predictions);
  await expect(open({ ...scored, keysDigest: "0".repeat(64) })).rejects.toMatchObject({
    errors: [{ field: "keysDigest" }],
  });
  await expect(send(evaluation, { sequence: 3, keys: ["a"], scores: columnsOf(1) })).rejects.toThrow("first");
});

const bad: [string, PredictionsJson, string][] = [
  [
    "a key of no split",
    { sequence: 1, keys: ["nobody"], scores: columnsOf(1) },
    'keys: 1 key is in no split of the manifest: "nobody"',
  ],
  [
    "a key of another split",
    { sequence: 1, keys: ["in train", "a"], scores: columnsOf(2) },
    '1 key belongs to another split: "in train" (train)',
  ],
  [
    "NaN",
    {
      sequence: 1,
      keys: ["a", "b"],
      scores: [
        [0.5, "NaN"],
        [0.5, 0.5],
      ],
    },
    'scores: 1 row has NaN or infinite scores: "b"',
  ],
  ["infinity", { sequence: 1, keys: ["a"], scores: [["Infinity"], [0]] }, "NaN or infinite"],
  [
    "a class too many",
    { sequence: 1, keys: ["a"], scores: [[0.5], [0.25], [0.25]] },
    "scores: 3 columns; the evaluation names 2 classes",
  ],
  ["logits as probabilities", { sequence: 1, keys: ["a"], scores: [[3], [-2]] }, "are they logits?"],
  ["multi-label scores", { sequence: 1, keys: ["a"], scores: [[0.9], [0.8]] }, "multi-label, can't be evaluated"],
  [
    "another form",
    { sequence: 1, keys: ["a"], values: [1] },
    "values: the evaluation takes predictions of form scores",
  ],
  [
    "places where keys are wanted",
    { sequence: 1, first: 0, scores: columnsOf(2) },
    "first: the evaluation was opened without keysDigest",
  ],
];
test.each(bad)("%s is refused by name", async (_, batch, message) => {
  await expect(send(await open(), batch)).rejects.toThrow(message);
});

test("of many wrong rows a refusal counts all and names ten; a key sent twice with another value is named", async () => {
  const evaluation = await open();
  const many = Array.from({ length: 25 }, (_, at) => `no ${String(at).padStart(2, "0")}`);
  await expect(send(evaluation, { sequence: 1, keys: many, scores: columnsOf(25) })).rejects.toThrow(
    /25 keys are in no split.*"no 09" and 15 more/,
  );
  await send(evaluation, { sequence: 1, keys, scores: columnsOf(6) });
  await send(evaluation, { sequence: 2, keys: ["é"], scores: columnsOf(1, 0.5) });
  await expect(complete(evaluation)).rejects.toThrow('1 sample has two different predictions: "é"');
});

test.each([
  ["multi-label", { ...scored, task: "multi-label" }, "multi-label (several labels a sample) can't be evaluated here"],
  [
    "labels that no class has",
    { ...scored, classes: ["cat", "cow"] },
    'the validation split has labels that stand in no class: "dog" (3)',
  ],
  [
    "regression of words",
    { split: "validation", task: "regression", form: "value" },
    'regression needs a number as label; 6 of the validation samples have none: "a", "b"',
  ],
  [
    "scores that don't say what they are",
    { ...scored, scoresAre: null },
    "scoresAre: say whether scores are probabilities or logits",
  ],
  ["test without a reason", { ...scored, split: "test" }, "the test split is shut: say why it is opened"],
  ["a checkpoint of nobody", { ...scored, checkpoint: uuidv7() }, "is no checkpoint of this run"],
])("opening is refused by name: %s", async (_, input, message) => {
  await expect(open(input as EvaluationCreate)).rejects.toThrow(message);
});

test("a run without a manifest can't be evaluated, and the answer says how to give it one", async () => {
  const { run } = await newRun(world.project);
  await expect(createEvaluation(systemActor, run.id, scored)).rejects.toThrow("log it again with a manifest");
});

test("the same creation sent again is the same evaluation; with other content it is refused", async () => {
  const id = uuidv7();
  const first = await open({ ...scored, id });
  expect(await open({ ...scored, id })).toEqual(first);
  await expect(open({ ...scored, id, scoresAre: "logits" })).rejects.toMatchObject({ kind: "conflict" });
  expect((await listEvaluations(systemActor, world.run)).filter((one) => one.id === id)).toHaveLength(1);
});

test("the test split is opened by a member or a token of scope evaluate, and is a look from then on", async () => {
  const { actor: viewer } = await newMember("viewer");
  const { actor: ingest } = await newToken(world.project, "ingest");
  const { actor: evaluate } = await newToken(world.project, "evaluate");
  const input: EvaluationCreate = { ...scored, split: "test", purpose: "final", reason: "for the report" };
  for (const actor of [viewer, ingest])
    await expect(createEvaluation(actor, world.run, input)).rejects.toMatchObject({ kind: "forbidden" });
  const opened = await createEvaluation(evaluate, world.run, input);
  expect(await listLooks(systemActor, world.project.id, world.run)).toMatchObject([
    { kind: "evaluation", evaluationId: opened.id, purpose: "final", reason: "for the report", actor: evaluate.name },
  ]);
});
