import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Route } from "./base/route.ts";
import { BATCH_NAMES_MAX } from "./base/words.ts";
import { manifestCreateSchema } from "./data/manifests.ts";
import {
  type Batch,
  BatchFormatError,
  batchFromJson,
  batchSchema,
  decodeBatch,
  encodeBatch,
  firstFormOf,
} from "./points/batch.ts";
import { isTestSeries } from "./points/series.ts";
import { routes } from "./routes.ts";
import { runCreateSchema, runFinishSchema } from "./runs.ts";

const bodies = Object.entries(routes as Record<string, Route>).flatMap(([name, route]) =>
  [route.request, route.response].filter((schema) => schema !== undefined).map((schema) => ({ name, schema })),
);

test.each(bodies)("a body of $name has examples, and they are valid", ({ schema }) => {
  const examples = schema.meta()?.examples as unknown[];
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) expect(z.safeParse(schema, example).error).toBeUndefined();
});

const writer = "5b0f1f0e-8a35-4b0e-9d6e-2f3c4d5e6f70";
const good = { writer, sequence: 1, groups: [{ steps: [0, 1], times: [0, 1], metrics: { loss: [1, "NaN"] } }] };
const withGroup = (change: object) => ({ ...good, groups: [{ ...good.groups[0], ...change }] });

test.each([
  ["a negative step", withGroup({ steps: [0, -1] }), "groups.0.steps.1"],
  ["a fraction for a step", withGroup({ steps: [0, 0.5] }), "groups.0.steps.1"],
  ["a step beyond 2^53-1", withGroup({ steps: [0, 2 ** 53] }), "groups.0.steps.1"],
  ["a value too few", withGroup({ metrics: { loss: [1] } }), "groups.0.metrics.loss"],
  ["a time too few", withGroup({ times: [1] }), "groups.0.times"],
  ["null for NaN", withGroup({ metrics: { loss: [1, null] } }), "groups.0.metrics.loss.1"],
  ["another split", withGroup({ split: "val" }), "groups.0.split"],
  ["sequence 0", { ...good, sequence: 0 }, "sequence"],
  ["no groups", { ...good, groups: [] }, "groups"],
  ["a writer that is no UUID", { ...good, writer: "me" }, "writer"],
])("a batch with %s is refused by the field's name", (_, body, field) => {
  const paths = batchSchema.safeParse(body).error?.issues.map((issue) => issue.path.join("."));
  expect(paths).toContain(field);
});

test("a key that stands in two splits is refused, and named", () => {
  const hash = "0".repeat(64);
  const samples = { key: ["a", "a"], split: ["train", "test"], label: [null, null], contentHash: [hash, hash] };
  const body = { name: "twice", dataset: { name: "d", version: "1" }, method: "given", samples };
  expect(manifestCreateSchema.safeParse(body).error?.issues[0]?.path.join(".")).toBe("samples.key.1");
});

test("a config key is refused by its beginning and length where it is too long for a column, dots of its path counted", () => {
  const nested = (length: number) => ({ config: { a: { b: { ["k".repeat(length - 4)]: 1 } } } });
  expect(runCreateSchema.safeParse(nested(300)).success).toBe(true);
  const refused = runCreateSchema.safeParse(nested(301));
  expect(refused.error?.issues[0]?.message).toMatch(/^a key of 301 characters, "a\.b\.kk.*at most 300/);
});

test("a run's id must be a UUID of version 7", () => {
  expect(runCreateSchema.safeParse({ id: writer }).success).toBe(false);
});

test("a failed run says why", () => {
  expect(runFinishSchema.safeParse({ status: "failed" }).error?.issues[0]?.path).toEqual(["failure"]);
});

const column = (length: number) =>
  fc.array(fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -0, Number.POSITIVE_INFINITY)), {
    minLength: length,
    maxLength: length,
  });
const steps = (length: number) =>
  fc.array(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), { minLength: length, maxLength: length });
const groupArbitrary = fc
  .tuple(fc.constantFrom("train", "validation", "test", null), fc.integer({ min: 1, max: 6 }))
  .chain(([split, length]) =>
    fc.record({
      split: fc.constant(split),
      steps: steps(length).map((values) => Float64Array.from(values)),
      times: steps(length).map((values) => Float64Array.from(values, (value) => 1.7e12 + (value % 1e12))),
      metrics: fc
        .dictionary(
          fc.string({ unit: fc.constantFrom("a", "Z", "9", "_", "/", " ", "损", "é"), minLength: 1, maxLength: 12 }),
          column(length),
          { minKeys: 1, maxKeys: 3 },
        )
        .map((entries) => new Map(Object.entries(entries).map(([name, values]) => [name, Float64Array.from(values)]))),
    }),
  );
const batchArbitrary: fc.Arbitrary<Batch> = fc.record({
  writer: fc.constant(writer),
  sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  groups: fc.array(groupArbitrary, { minLength: 1, maxLength: 4 }),
});

const seed = 20;

describe("the binary form of a batch", () => {
  test("reads back as what was written, to the bit", () => {
    fc.assert(
      fc.property(batchArbitrary, (batch) => {
        expect(decodeBatch(encodeBatch(batch))).toEqual(batch);
      }),
      { seed },
    );
  });

  test("cut short anywhere or changed in its header it is refused, never misread", () => {
    fc.assert(
      fc.property(batchArbitrary, fc.nat(), (batch, where) => {
        const bytes = encodeBatch(batch);
        expect(() => decodeBatch(bytes.subarray(0, where % bytes.length))).toThrow(BatchFormatError);
        expect(() => decodeBatch(Buffer.concat([bytes, Buffer.alloc(8)]))).toThrow(BatchFormatError);
      }),
      { seed },
    );
  });

  test("with any one bit turned it is refused, in names, steps, times and values", () => {
    fc.assert(
      fc.property(batchArbitrary, fc.nat(), (batch, where) => {
        const bytes = encodeBatch(batch);
        const bit = where % (bytes.length * 8);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        expect(() => decodeBatch(bytes)).toThrow(BatchFormatError);
      }),
      { seed, numRuns: 500 },
    );
  });

  test("is read in the form without a checksum too, and at any place in memory", () => {
    fc.assert(
      fc.property(batchArbitrary, fc.integer({ min: 0, max: 7 }), (batch, shift) => {
        const first = Buffer.concat(firstFormOf(encodeBatch(batch)));
        expect(decodeBatch(first)).toEqual(batch);
        const shifted = new Uint8Array(first.length + 16 + shift);
        shifted.set(encodeBatch(batch), shift);
        expect(decodeBatch(shifted.subarray(shift, shift + first.length + 8))).toEqual(batch);
      }),
      { seed },
    );
  });

  test.each([
    ["seconds", 1767603600, "expected milliseconds since 1970; these are seconds, received 1767603600"],
    ["a time of the year 275760", 8.64e15, "no time from 1970 to 2100"],
    ["microseconds", 1767603600000000, "no time from 1970 to 2100"],
    ["a time before 1970", -1, "no time from 1970 to 2100"],
  ])("names a time that is %s, as the JSON form does", (_, time, detail) => {
    const json = withGroup({ times: [1767603600000, time] });
    const issue = batchSchema.safeParse(json).error?.issues[0];
    expect([issue?.path.join("."), issue?.message]).toEqual(["groups.0.times.1", expect.stringContaining(detail)]);
    const times = Float64Array.of(1767603600000, time);
    const group = {
      split: null,
      steps: Float64Array.of(0, 1),
      times,
      metrics: new Map([["a", Float64Array.of(1, 2)]]),
    };
    expect(() => decodeBatch(encodeBatch({ writer, sequence: 1, groups: [group] }))).toThrow(
      expect.objectContaining({ field: "groups.0.times.1", message: expect.stringContaining(detail) }),
    );
  });

  test("takes the times of a clock that began at 1970", () => {
    expect(batchSchema.safeParse(withGroup({ times: [0, 900_000_000] })).success).toBe(true);
  });

  test("a batch of more series than are allowed is refused in either form", () => {
    const names = Array.from({ length: BATCH_NAMES_MAX + 1 }, (_, at) => `m${at}`);
    const metrics = Object.fromEntries(names.map((name) => [name, [1]]));
    const body = { ...good, groups: [{ steps: [0], times: [0], metrics }] };
    expect(batchSchema.safeParse(body).error?.issues[0]?.message).toContain("at most 20000 in a batch");
    const columns = new Map(names.map((name) => [name, Float64Array.of(1)]));
    const group = { split: null, steps: Float64Array.of(0), times: Float64Array.of(0), metrics: columns };
    expect(() => decodeBatch(encodeBatch({ writer, sequence: 1, groups: [group] }))).toThrow(BatchFormatError);
  });

  test("holds the same as the JSON form, with -0, NaN and the infinities", () => {
    const json = batchSchema.parse(
      withGroup({ steps: [0, 1, 2, 3], times: [0, 0, 0, 0], metrics: { loss: [-0, "NaN", "Infinity", "-Infinity"] } }),
    );
    const values = decodeBatch(encodeBatch(batchFromJson(json))).groups[0]?.metrics.get("loss");
    expect([...(values ?? [])]).toEqual([-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });

  test("names the step that is no integer", () => {
    const batch: Batch = {
      writer,
      sequence: 1,
      groups: [
        {
          split: null,
          steps: Float64Array.of(1.5),
          times: Float64Array.of(0),
          metrics: new Map([["a", Float64Array.of(1)]]),
        },
      ],
    };
    expect(() => decodeBatch(encodeBatch(batch))).toThrow("received 1.5");
  });
});

test.each([
  ["test", "loss", true],
  [null, "test_acc", true],
  [null, "testAcc", true],
  ["train", "test/loss", true],
  [null, "acc-test", true],
  [null, "Test Accuracy", true],
  [null, "test1", true],
  [null, "latest", false],
  [null, "contest_score", false],
  [null, "testset_acc", true],
  [null, "testing_loss", true],
  [null, "testing", true],
  [null, "TESTACC", true],
  [null, "MyTESTAcc", true],
  [null, "tests/f1", true],
  [null, "losstest", true],
  [null, "testosterone_mae", false],
  [null, "greatest", false],
  [null, "attestation", false],
  ["validation", "accuracy", false],
] as const)("a series of split %s named %j is a test series: %s", (split, metric, expected) => {
  expect(isTestSeries(split, metric)).toBe(expected);
});

test.each([
  ["a header of 8 MB", `{"x":"${"a".repeat(8_000_000)}"}`, /^8000008 bytes; at most 5000000/],
  [
    "a header of a million names",
    `{"groups":[{"metrics":[${Array(1_000_000).fill('"a"').join()}]}]}`,
    /1000000 columns/,
  ],
])("%s is refused before what it holds is looked at", (_, json, words) => {
  const header = Buffer.alloc(Math.ceil(json.length / 8) * 8, " ");
  header.write(json);
  const prefix = Buffer.alloc(8);
  prefix.write("HLD1");
  prefix.writeUInt32LE(header.length, 4);
  expect(() => decodeBatch(Buffer.concat([prefix, header]))).toThrow(words);
});
