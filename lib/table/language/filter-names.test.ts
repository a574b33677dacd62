/** What people may call the columns of a table in its filter, what that is taken for, and what is said where it can't be. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { columnName, readColumnName, shownName } from "./column-name.ts";
import { parseFilter, readFilter } from "./filter-language.ts";
import { type FilterColumn, filterColumns, filterNames } from "./filter-names.ts";
import { chipsOf, printFilter } from "./filter-print.ts";
import { FilterError } from "./filter-tokens.ts";
import type { Filter } from "./filter-tree.ts";

const known = {
  config: [
    { key: "family", type: "text" as const },
    { key: "optimizer.learningRate", type: "number" as const },
    { key: "optimizer.name", type: "text" as const },
    { key: "scheduler.warm_up", type: "number" as const },
    { key: "model.width", type: "number" as const },
    { key: "head.width", type: "number" as const },
    { key: "schedule", type: "mixed" as const },
  ],
  metrics: [
    { split: "validation" as const, metric: "accuracy", direction: "max" as const, unit: "" },
    { split: "train" as const, metric: "accuracy", direction: "max" as const, unit: "" },
    { split: "validation" as const, metric: "f1", direction: null, unit: "" },
    { split: null, metric: "learning_rate", direction: null, unit: "" },
    { split: null, metric: "system/cpu", direction: null, unit: "" },
  ],
  tags: ["baseline"],
  isCut: false,
};
const names = filterNames(filterColumns(known, "validation/accuracy"));
const read = (text: string) => {
  const { filter, taken } = readFilter(text, names);
  return { q: printFilter(filter), taken: taken.map(({ from, to }) => `${from} → ${to}`) };
};

test.each([
  // as the table's heads have them
  ["validation accuracy best > 0.9", "validation/accuracy.max > 0.9", []],
  ["validation accuracy max > 0.9", "validation/accuracy.max > 0.9", []],
  ["Validation Accuracy > 0.9", "validation/accuracy.max > 0.9", ["Validation Accuracy → validation/accuracy.max"]],
  ["val_accuracy > 0.9", "validation/accuracy.max > 0.9", ["val_accuracy → validation/accuracy.max"]],
  ["train accuracy at best validation > 0.9", "train/accuracy.atBest > 0.9", []],
  ["best > 0.9", "validation/accuracy.max > 0.9", ["best → validation/accuracy.max"]],
  ["Status = failed", "status = failed", []],
  ["family = cnn", "config.family = cnn", []],
  ["optimizer.learningRate < 0.01", "config.optimizer.learningRate < 0.01", []],
  // short ones that are its own
  ["lr < 0.01", "config.optimizer.learningRate < 0.01", ["lr → config.optimizer.learningRate"]],
  ["learningRate < 0.01", "config.optimizer.learningRate < 0.01", []],
  ["learning rate < 0.01", "config.optimizer.learningRate < 0.01", ["learning rate → config.optimizer.learningRate"]],
  ["LR < 0.01", "config.optimizer.learningRate < 0.01", ["LR → config.optimizer.learningRate"]],
  ["warm < 3", "config.scheduler.warm_up < 3", ["warm → config.scheduler.warm_up"]],
  ["f1 > 0.5", "validation/f1.last > 0.5", ["f1 → validation/f1.last"]],
  ["name = x", "name = x", []],
  // metrics without a split by their own name
  ["learning_rate.last < 0.1", "-/learning_rate.last < 0.1", []],
  ["learning_rate last < 0.1", "-/learning_rate.last < 0.1", []],
  ["system/cpu.last > 0.5", "-/system/cpu.last > 0.5", []],
  ["-/system/cpu.last > 0.5", "-/system/cpu.last > 0.5", []],
  // joined in any way
  ...[
    "family = cnn 1e-4 < lr < 1e-2",
    "family = cnn and lr > 1e-4 and lr < 1e-2",
    "family = cnn, lr > 1e-4, lr < 1e-2",
  ].map((text): [string, string, string[]] => [
    text,
    "config.family = cnn and config.optimizer.learningRate > 0.0001 and config.optimizer.learningRate < 0.01",
    ["lr → config.optimizer.learningRate"],
  ]),
  [
    "1e-4 < lr family == cnn",
    "config.optimizer.learningRate > 0.0001 and config.family = cnn",
    ["lr → config.optimizer.learningRate"],
  ],
  [
    "lr between 1e-4 and 1e-2 family = cnn",
    "config.optimizer.learningRate >= 0.0001 and config.optimizer.learningRate <= 0.01 and config.family = cnn",
    ["lr → config.optimizer.learningRate"],
  ],
  ["created < 2h", "created > -2h", ["created < 2h → created > -2h"]],
  ["duration > 2h", "duration > 7200", ["duration > 2h → 7200 seconds"]],
  // nothing
  ["uncited", "manifest is null", ["uncited → manifest is null"]],
  [
    "best > 0.5 uncited",
    "validation/accuracy.max > 0.5 and manifest is null",
    ["best → validation/accuracy.max", "uncited → manifest is null"],
  ],
  [
    "schedule = none",
    'config.schedule is null or config.schedule = "none"',
    ["schedule = none → no value, or the text none"],
  ],
  ["schedule = null", "config.schedule is null", []],
  ["tags != none", 'tags is not null and tags != "none"', ["tags != none → no value, or the text none"]],
  // words are looked for in names where nothing looks like a condition
  ["cnn deep", "cnn deep", []],
  ["cnn 3", 'cnn "3"', []],
  ['lr "0.01"', 'lr "0.01"', []],
])("%s is read as %s", (text, q, taken) => {
  expect(read(text)).toEqual({ q, taken });
});

test.each([
  ["width > 3", "width may be several columns", [0, 5], ["model.width", "head.width"]],
  [
    "validation f1 best > 0.5",
    "validation f1 best may be several columns",
    [0, 18],
    ["validation f1 min", "validation f1 max"],
  ],
  [
    "train accuracy > 0.5 and lerningRate < 1",
    'there is no column "lerningRate"',
    [25, 36],
    ["learningRate", "learning_rate last"],
  ],
  [
    "validaton accuracy best > 0.5",
    'there is no column "validaton accuracy best"',
    [0, 23],
    ["validation accuracy best"],
  ],
  ["cnn lr < 0.01", 'there is no column "cnn lr"', [0, 6], ["name contains cnn and lr"]],
  ["zzz > 1", 'there is no column "zzz"', [0, 3], []],
  ["lr 0.01", "in or is after lr", [3, 7], ["lr = 0.01"]],
  [
    "lerningRate 0.01",
    "in or is after lerningRate 0.01",
    [0, 16],
    ["learningRate = 0.01", "learning_rate last = 0.01", 'name contains "lerningRate 0.01"'],
  ],
  ["lr < 0.01 failed", "in or is after failed", [10, 16], ["status = failed", "name contains failed"]],
  ["lr < 0.01 baseline", "in or is after baseline", [10, 18], ["tags = baseline", "name contains baseline"]],
  ["family = best model", "in or is after model", [19, 19], ['"best model"', "name contains model"]],
  ["lr < abc", null, [0, 0], []],
  ["best < abc", "expected a number for validation accuracy best", [7, 10], []],
] as const)("%s is refused where it is wrong, with what may have been meant", (text, message, place, labels) => {
  if (message === null) return void expect(() => readFilter(text, names)).not.toThrow();
  try {
    readFilter(text, names);
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    expect(error.message).toContain(message);
    expect([error.start, error.end]).toEqual(place);
    expect(error.fixes.map(({ label }) => label)).toEqual(labels);
    for (const fix of error.fixes) expect(() => readFilter(fix.text, names)).not.toThrow();
  }
});

const hard = [
  "",
  " ",
  ".",
  "a.b",
  "a",
  "A",
  "aB",
  "a_b",
  "a b",
  "-",
  "-/a",
  "1",
  "1e5",
  "2h",
  "-1d",
  "and",
  "not",
  "null",
  "none",
  "uncited",
  "between",
  "contains",
  'say "hi"',
  "back\\slash",
  "a,b",
  "(a)",
  "~",
  "best",
  "name",
  "config.a",
  "train/a",
  "val a",
  "道路",
  "two\nlines",
];
const anyName = fc.oneof(fc.constantFrom(...hard), fc.string({ unit: "grapheme", maxLength: 8 }));
const metricName = anyName.filter((name) => name !== "" && !/\p{Cc}/u.test(name));
const anyColumns = fc
  .record({
    keys: fc.uniqueArray(
      fc.array(anyName, { minLength: 1, maxLength: 2 }).map((path) => path.join(".")),
      { maxLength: 6 },
    ),
    metrics: fc.uniqueArray(
      fc.record({
        split: fc.constantFrom("train" as const, "validation" as const, null),
        metric: metricName,
        direction: fc.constantFrom("min" as const, "max" as const, null),
      }),
      { maxLength: 6, selector: ({ split, metric }) => `${split} ${metric}` },
    ),
  })
  .map(({ keys, metrics }): FilterColumn[] =>
    filterColumns(
      {
        config: keys.map((key) => ({ key, type: "mixed" })),
        metrics: metrics.map((one) => ({ ...one, unit: "" })),
        tags: [],
      },
      null,
    ),
  );

test("whatever name a page shows, a filter reads it as that column: as a chip, an offer, a head of CSV and in the address", () => {
  const texts = fc.oneof(
    fc.constantFrom(...hard.filter((one) => one !== "")),
    fc.string({ minLength: 1, maxLength: 8 }),
  );
  fc.assert(
    fc.property(anyColumns, texts, fc.double({ noNaN: true, noDefaultInfinity: true }), (columns, text, number) => {
      const names = filterNames(columns);
      for (const { name, type } of columns) {
        expect(columnName(readColumnName(name)!)).toBe(name);
        expect(columnName(readColumnName(shownName(name))!)).toBe(name);
        const value =
          type === "number"
            ? { type: "number" as const, value: number + 0 }
            : type === "date"
              ? { type: "date" as const, value: "2026-11-01" }
              : { type: "text" as const, value: text };
        const filters: Filter[] = [
          { kind: "compare", column: name, op: "=", value },
          { kind: "null", column: name, negated: true },
          {
            kind: "and",
            parts: [
              { kind: "words", words: [text] },
              { kind: "compare", column: name, op: "!=", value },
            ],
          },
          {
            kind: "not",
            part: {
              kind: "or",
              parts: [
                { kind: "in", column: name, values: [value] },
                { kind: "words", words: [text] },
              ],
            },
          },
        ];
        for (const filter of filters) {
          expect(parseFilter(printFilter(filter))).toEqual(filter);
          expect(readFilter(printFilter(filter), names)).toEqual({ filter, taken: [] });
          expect(readFilter(printFilter(filter, names.labelOf), names)).toEqual({ filter, taken: [] });
          for (const chip of chipsOf(filter, names.labelOf)) {
            expect(readFilter(chip.text, names).filter).toEqual(chip.filter);
            expect(readFilter(chip.title, names).filter).toEqual(chip.filter);
          }
        }
      }
    }),
    { numRuns: 40, seed: 5 },
  );
});
