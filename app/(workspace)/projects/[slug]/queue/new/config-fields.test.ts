import fc from "fast-check";
import { expect, test } from "vitest";
import type { Config } from "@/lib/wire/base/config.ts";
import { changesOf, configOf, errorOf, fieldsOf, newField } from "./config-fields.ts";

const config: Config = {
  family: "cnn",
  filters: [8, 16],
  batchNorm: true,
  transfer: null,
  expect: {},
  "a.b": 1,
  optimizer: { name: "adam", learningRate: 0.001, inner: { beta: 0.9 } },
};

test("a config becomes fields of the kinds that its values are, and the same config again", () => {
  const fields = fieldsOf(config);
  expect(fields.map(({ path, kind }) => [path.join("/"), kind])).toEqual([
    ["family", "text"],
    ["filters", "json"],
    ["batchNorm", "boolean"],
    ["transfer", "json"],
    ["expect", "json"],
    ["a.b", "number"],
    ["optimizer/name", "text"],
    ["optimizer/learningRate", "number"],
    ["optimizer/inner/beta", "number"],
  ]);
  expect(configOf(fields)).toEqual(config);
});

test("any config comes back from its fields", () => {
  const json = fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 });
  fc.assert(
    fc.property(json, (any) => {
      const given = JSON.parse(JSON.stringify(any)) as Config;
      expect(configOf(fieldsOf(given))).toEqual(given);
    }),
    { seed: 3 },
  );
});

test("a field says what is wrong with it, and how the whole differs from the original", () => {
  const original = fieldsOf(config);
  const edited = original
    .filter(({ path }) => path[0] !== "batchNorm")
    .map((field) => (field.path.at(-1) === "learningRate" ? { ...field, typed: "1e-2" } : field));
  const [rate] = edited.filter(({ path }) => path.at(-1) === "learningRate");
  expect(errorOf(rate!)).toBeNull();
  expect(errorOf({ ...rate!, typed: "fast" })).toMatch(/expected a number/);
  expect(errorOf({ ...rate!, typed: " " })).toMatch(/nothing is written/);
  expect(errorOf({ ...rate!, kind: "json", typed: "[8," })).toMatch(/expected JSON/);
  expect(changesOf(original, [...edited, newField("schedule.name", "cosine"), newField("epochs", "9")])).toEqual([
    { name: "batchNorm", from: "true", to: null },
    { name: "optimizer.learningRate", from: "0.001", to: "0.01" },
    { name: "schedule.name", from: null, to: '"cosine"' },
    { name: "epochs", from: null, to: "9" },
  ]);
  expect(configOf([newField("schedule.name", "cosine"), newField("schedule.warmupSteps", "100")])).toEqual({
    schedule: { name: "cosine", warmupSteps: 100 },
  });
});
