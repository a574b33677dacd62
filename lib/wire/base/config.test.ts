import { expect, test } from "vitest";
import { checkpointCreateSchema } from "../checkpoints.ts";
import { metricDeclarationSchema } from "../projects.ts";
import { runCreateSchema, runSchema, runUpdateSchema } from "../runs.ts";
import { CONFIG_KEYS_MAX, CONFIG_TEXT_MAX } from "./config.ts";
import { mediaTypeSchema } from "./text.ts";

const faultsOf = (body: unknown): string[] =>
  (runCreateSchema.safeParse(body).error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);

const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]));

test.each<[string, unknown, string]>([
  ["NaN", { lr: Number.NaN }, 'config.lr: JSON has no NaN, received NaN; the text "NaN" is right, or null'],
  ["an infinity in a list", { a: { b: [1, -Infinity] } }, "config.a.b.1: JSON has no -Infinity"],
  ["undefined", { lr: undefined }, "config.lr: expected JSON, received undefined"],
  ["a Date", { at: new Date(0) }, "config.at: expected JSON, received a Date; its text, of toISOString() is right"],
  ["a bigint", { shard: 2n ** 60n }, "config.shard: expected JSON, received bigint; its digits as a text is right"],
  ["a typed array", { sizes: new Float32Array(2) }, "config.sizes: expected JSON, received a Float32Array"],
  ["a Map", { sizes: new Map() }, "config.sizes: expected JSON, received a Map"],
  ["a list for the whole", [1], "config: expected an object, received a list"],
  ["a key with half of a surrogate pair", { "a\ud800": 1 }, "the key holds half of a surrogate pair"],
  ["a text with half of a surrogate pair", { a: ["\udbff"] }, "config.a.0: holds half of a surrogate pair"],
  ["a NUL in a text", { a: "\u0000" }, "config.a: no NUL characters"],
  ["the key __proto__", JSON.parse('{"a":{"__proto__":1}}'), "config.a.__proto__: __proto__ can't be a name"],
  ["101 levels", { a: deep(101) }, "nested deeper than 100"],
  ["5,000 levels", { a: deep(5000) }, "nested deeper than 100"],
  ["too many keys", many(CONFIG_KEYS_MAX + 1), `config: more than ${CONFIG_KEYS_MAX} keys`],
  ["too long a text", { a: "x".repeat(CONFIG_TEXT_MAX) }, `characters as JSON; at most ${CONFIG_TEXT_MAX}`],
  ["a dotted key beside a nested one", { "a.b": 1, a: { b: 2 } }, "config.a.b: the path a.b stands twice, as the keys"],
  ["two ways of nesting", { a: { "b.c": 1 }, "a.b": { c: 1 } }, "the path a.b.c stands twice"],
  ["a dotted key beside an empty object", { "a.b": {}, a: { b: [] } }, "the path a.b stands twice"],
])("a config with %s is refused by the name of its field", (_, config, expected) => {
  expect(faultsOf({ config })).toEqual([expect.stringContaining(expected)]);
});

test.each<[string, unknown]>([
  ["99 levels", { a: deep(99) }],
  ["as many keys as may be", many(CONFIG_KEYS_MAX)],
  ["dots that lead to no other key", { "a.b": 1, a: { c: 2 }, "a.b.c": 3 }],
  ["a literal backslash before u0000", { a: "\\u0000 \\ud800" }],
  ["emoji and the empty key of a list's object", { "😀": [{ x: "😀" }, { x: "😀" }] }],
  ["numbers of any size", { a: [1e308, 5e-324, -0, 2 ** 53] }],
])("a config with %s is kept as it is", (_, config) => {
  expect(runCreateSchema.parse({ config }).config).toEqual(config);
});

test("a stored config is read whatever the rules are now", () => {
  const [example] = (runSchema.meta()?.examples ?? []) as object[];
  const config = { "a.b": 1, a: { b: 2 } };
  expect(runSchema.parse({ ...example, config }).config).toEqual(config);
});

test("names, notes, tags of code and units are whole characters, or refused by their field", () => {
  const half = "x\ud800";
  const code = { repository: half, commit: half, branch: half, diff: half, untracked: [half], command: half };
  expect(faultsOf({ name: half, notes: half, project: half, code }).map((fault) => fault.split(":")[0])).toEqual([
    "project",
    "name",
    "notes",
    "code.repository",
    "code.commit",
    "code.branch",
    "code.diff",
    "code.untracked.0",
    "code.command",
  ]);
  expect(metricDeclarationSchema.safeParse({ name: half, direction: "min" }).success).toBe(false);
  expect(metricDeclarationSchema.safeParse({ name: "a", direction: "min", unit: half }).success).toBe(false);
  expect(runUpdateSchema.safeParse({ name: half }).success).toBe(false);
});

test("a checkpoint says of a metric that it's undefined, and why", () => {
  const values = { "validation/mae": 0, "validation/r2": { undefined: "all 40 numbers are 2" }, loss: "NaN" };
  const body = { path: "w", step: 1, epoch: 1, values };
  expect(checkpointCreateSchema.parse(body).values).toEqual(values);
  expect(checkpointCreateSchema.safeParse({ ...body, values: { r2: { undefined: "" } } }).success).toBe(false);
});

test.each([
  ["image/png", true],
  ["text/plain; charset=utf-8", true],
  ["application/vnd.holdout.points", true],
  ['multipart/mixed;boundary="a b"', true],
  ["application/octet-stream;", true],
  ["text/html\r\nX: 1", false],
  ["text/中", false],
  ["text", false],
  ["text/", false],
  ["/plain", false],
  ["text/plain; charset", false],
  ["text/plain; a=b c", false],
  ["text /plain", false],
  ["", false],
  [`text/${"a".repeat(200)}`, false],
  ["text/plain\u0000", false],
])("the media type %j is one: %s", (given, isOne) => {
  expect(mediaTypeSchema.safeParse(given).success).toBe(isOne);
});
