import { expect, test } from "vitest";
import { type StudyParameter, studyParameterSchema } from "../wire/studies/parameters.ts";
import { studyCreateSchema } from "../wire/studies/studies.ts";
import type { PlanWarningKind } from "../wire/studies/warnings.ts";
import { warningDetail } from "../words/studies/warning-words.ts";
import { categoryOf, suggestParameter } from "./categories.ts";
import { gaugesOf, planWarnings, type WarnedPlan } from "./warnings.ts";

const rate = { kind: "float", path: "optimizer.learningRate", low: 1e-4, high: 1e-1, scale: "log" };
const float = (path: string, more: object = {}) => ({ kind: "float", path, low: 0.001, high: 0.9, ...more });
const choice = (path: string, choices: unknown[], more: object = {}) => ({
  kind: "categorical",
  path,
  role: "scientific",
  choices,
  ...more,
});
const base = {
  family: "cnn",
  batchSize: 64,
  epochs: 2,
  units: 64,
  optimizer: { name: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.01 },
};

/** A plan that the playbook has nothing against, with what a case plants in it. */
function planned(changes: object = {}): WarnedPlan {
  return studyCreateSchema.parse({
    title: "Which optimizer?",
    manifest: "a".repeat(64),
    base,
    space: [choice("optimizer.name", ["adam", "momentum"]), rate],
    objective: { metric: "accuracy", split: "validation", direction: "max" },
    trialsBudget: 30,
    ...changes,
  });
}
const kindsOf = (changes: object = {}, parentBase = null as typeof base | null) =>
  planWarnings(planned(changes), { parentBase }).map(({ kind }) => kind);

test("the playbook has nothing against a clean plan", () => {
  expect(kindsOf()).toEqual([]);
  expect(kindsOf({}, base)).toEqual([]);
  expect(kindsOf({ space: [], mode: "loop" })).toEqual([]);
});

const settings = [rate, float("optimizer.weightDecay"), float("optimizer.clipNorm")];
test.each<[PlanWarningKind, object, string[]?]>([
  ["gate", { manifest: null }],
  ["nothing-searched", { space: [] }],
  ["many-optimizer-settings", { space: settings, trialsBudget: 9 }],
  ["batch-for-validation", { space: [choice("batchSize", [32, 64], { role: "nuisance" })] }],
  ["rate-fixed", { space: [choice("family", ["cnn", "mlp"])] }],
  [
    "rate-fixed",
    { space: [choice("optimizer.name", ["adam", "sgd"]), { ...rate, when: { path: "optimizer.name", is: ["adam"] } }] },
  ],
  ["decay-fixed", { space: [choice("units", [32, 64]), rate] }],
  ["many-scientific", { space: [choice("optimizer.name", ["adam", "sgd"]), choice("family", ["cnn", "mlp"]), rate] }],
  ["few-a-value", { space: [choice("optimizer.name", ["adam", "sgd", "momentum"]), rate], trialsBudget: 12 }],
  ["few-an-axis", { space: [...settings, float("dropout"), float("labelSmoothing")] }],
  ["length-searched", { space: [{ kind: "integer", path: "epochs", low: 1, high: 9 }] }],
  ["adam-settings", { space: [rate, float("optimizer.beta2")] }],
  ["grid-of-many", { space: settings, search: { method: "grid" } }],
  ["random-while-exploring", { search: { method: "random" } }],
  ["random-while-exploring", { search: { method: "gaussian-process" } }],
  ["accumulation", { base: { ...base, gradientAccumulation: 4 } }],
])("%s is said of a plan that has it: %j", (kind, changes) => {
  expect(kindsOf(changes)).toContain(kind);
});

test("what is allowed is not warned of", () => {
  expect(kindsOf({ space: settings, trialsBudget: 10 })).not.toContain("many-optimizer-settings");
  expect(kindsOf({ space: [rate, float("optimizer.beta1")], trialsBudget: 10 })).not.toContain("adam-settings");
  // its own learning rate for each batch size
  expect(kindsOf({ space: [choice("batchSize", [32, 64]), rate] })).not.toContain("batch-for-validation");
  // by the training loss a batch size isn't chosen for validation
  const objective = { metric: "seconds", split: "train", direction: "min" };
  expect(kindsOf({ space: [choice("batchSize", [32, 64])], objective })).not.toContain("batch-for-validation");
  expect(
    kindsOf({
      space: [choice("optimizer.name", ["adam", "sgd"]), choice("family", ["cnn", "mlp"]), rate],
      search: { method: "grid" },
    }),
  ).not.toContain("many-scientific");
});

test("a batch size that differs from the parent's names what to tune again", () => {
  const [warning] = planWarnings(planned({ base: { ...base, batchSize: 256 } }), { parentBase: base });
  expect(warning).toEqual({
    kind: "batch-of-parent",
    from: 64,
    to: 256,
    isMore: true,
    retune: ["epochs", "optimizer.beta1", "optimizer.beta2", "optimizer.epsilon", "optimizer.weightDecay"],
  });
  expect(warningDetail(warning!)).toMatch(/from 64 to 256.*optimizer.weightDecay.*more regularisation/);
});

test("gauges say how densely the trials fill the space", () => {
  const space = [choice("family", ["cnn", "mlp"]), rate, float("dropout")].map((one) =>
    studyParameterSchema.parse(one),
  );
  expect(gaugesOf({ space, trialsBudget: 32 })).toEqual({
    trials: 32,
    values: 2,
    perValue: 16,
    dimensions: 2,
    perAxis: 4,
  });
});

test.each<[string, ReturnType<typeof categoryOf>]>([
  ["lr", "learning-rate"],
  ["optimizer.learning_rate", "learning-rate"],
  ["optimizer.name", "optimizer"],
  ["optimizer.decay", "optimizer-setting"],
  ["optimizer.weightDecay", "weight-decay"],
  ["schedule.warmupSteps", "schedule"],
  ["schedule.name", "schedule"],
  ["train.per_device_train_batch_size", "batch-size"],
  ["num_train_epochs", "length"],
  ["max_steps", "length"],
  ["model.name", "architecture"],
  ["hidden_size", "model-size"],
  ["dropout", "regulariser-strength"],
  ["data.seed", "seed"],
  ["data.root", "other"],
])("%s is %s", (path, category) => {
  expect(categoryOf(path)).toBe(category);
});

test("a suggested parameter is one that a plan may have, with the role that it usually has", () => {
  const suggested = (path: string, value: number | string | boolean) =>
    studyParameterSchema.parse(suggestParameter({ path, value })) as StudyParameter;
  expect(suggested("optimizer.learningRate", 0.003)).toEqual({ ...rate, role: "nuisance", low: 0.0003, high: 0.03 });
  expect(suggested("units", 64)).toMatchObject({
    kind: "integer",
    role: "scientific",
    low: 16,
    high: 256,
    scale: "log",
  });
  expect(suggested("batchSize", 32)).toMatchObject({ kind: "categorical", choices: [8, 16, 32, 64, 128] });
  expect(suggested("augmentation.flip", false)).toMatchObject({ role: "scientific", choices: [false, true] });
  expect(suggested("dropout", 0)).toMatchObject({
    kind: "float",
    role: "nuisance",
    low: 0,
    high: 0.5,
    scale: "linear",
  });
});
