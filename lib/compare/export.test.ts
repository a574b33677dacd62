/** A comparison as text: what is shown, with intervals, n, verdicts and the guard's words, and nothing that breaks a file. */
import { expect, test } from "vitest";
import { csvRows } from "../csv.ts";
import type { ComparedRun, ComparedSeries, Comparison, Difference } from "../wire/comparison.ts";
import { comparisonFormat, comparisonText } from "./export.ts";

const run = (id: string, name: string, change: Partial<ComparedRun> = {}): ComparedRun => ({
  id,
  name,
  status: "finished",
  failureReason: null,
  notes: "",
  seed: null,
  createdBy: "Ada",
  createdAt: "2026-01-05T09:00:00.000Z",
  startedAt: null,
  endedAt: null,
  durationMs: null,
  tags: [],
  color: null,
  isArchived: false,
  pointsLost: 0,
  config: {},
  code: null,
  codeDigest: null,
  environment: {},
  manifest: null,
  parent: null,
  lastStep: null,
  recipe: null,
  ...change,
});
const none = { delta: null, low: null, high: null, detectable: null, p: null };
const differences: Difference[] = [
  { ...none, kind: "baseline" },
  { kind: "better", delta: 0.0145, low: 0.0089, high: 0.0201, detectable: 0.0077, p: 0.00052 },
  { ...none, kind: "not-comparable", delta: 0.3 },
];
const accuracy: ComparedSeries = {
  split: "validation",
  metric: "accuracy",
  direction: "max",
  unit: "",
  values: [0.9, 0.915, "NaN"],
  steps: [100, 120, null],
  recipes: [{ n: 4, mean: 0.9025, sd: 0.0034 }, { n: 5, mean: 0.917, sd: 0.0035 }, null],
  differences,
  family: 1,
};
const comparison: Comparison = {
  baseline: "a",
  runs: [
    run("a", "old | one", { config: { lr: 0.1, depth: 3 }, seed: 1 }),
    run("b", '=cmd("x"), 信号\nnew', { config: { lr: 0.2, depth: 3 } }),
    run("c", "other *data*", { config: { lr: 0.1, depth: 3 } }),
  ],
  leftOut: [{ run: "nix", reason: "unknown", name: null }],
  beyond: 0,
  notices: [
    {
      kind: "other-validation",
      bars: "every",
      runs: ["c"],
      figures: {},
      detail: "Their metrics are of other samples.",
    },
  ],
  summary: "last",
  series: [accuracy],
};

test("Markdown has what is shown, each cell in its place", () => {
  const text = comparisonText(comparison, "markdown", { hidden: [], all: false });
  expect(text.split("\n\n")).toEqual([
    "# 3 runs compared with old \\| one",
    "Left out: nix: there is no such run.",
    "## What bars a comparison",
    "- **Other validation samples** (no verdicts): other \\*data\\*. Their metrics are of other samples.",
    "## Runs",
    [
      '|  | old \\| one (baseline) | =cmd("x"), 信号 new | other \\*data\\* |',
      "| --- | ---: | ---: | ---: |",
      "| id | a | b | c |",
      "| status | finished | finished | finished |",
      "| seed | 1 |  |  |",
      "| manifest | uncited | uncited | uncited |",
    ].join("\n"),
    "## Config",
    [
      '| key | old \\| one (baseline) | =cmd("x"), 信号 new | other \\*data\\* |',
      "| --- | ---: | ---: | ---: |",
      "| lr | 0.1 | 0.2 | 0.1 |",
    ].join("\n"),
    "1 key alike in all runs.",
    "## Metrics, the last value",
    [
      '| metric | old \\| one (baseline) | =cmd("x"), 信号 new | other \\*data\\* |',
      "| --- | ---: | ---: | ---: |",
      "| validation/accuracy | 0.9 (mean 0.9025, n = 4); baseline | 0.915 (mean 0.917, n = 5); +0.0145 \\[+0.0089, +0.0201\\]: better | NaN; not comparable |",
    ].join("\n"),
    expect.stringContaining("Welch"),
  ]);
});

test("runs out of sight are left out, the baseline never, and alike keys come where they are shown", () => {
  const text = comparisonText(comparison, "markdown", { hidden: ["a", "b"], all: true });
  expect(text).toContain("| depth | 3 | 3 |");
  expect(text).toContain("# 2 runs compared");
  expect(text).toContain("1 run out of sight");
  expect(text).not.toContain("信号");
});

test("CSV has a line a value, and no text that a spreadsheet would run", () => {
  const lines = comparisonText(comparison, "csv", { hidden: [], all: false }).slice(1);
  const [head, ...rest] = lines.split(/\r\n/);
  const columns = head!.split(",").length;
  const cells = [
    ["metric", "accuracy", "validation", "", '=cmd("x"), 信号\nnew', "b", false, 0.915, 120, 0.917, 0.0035, 5],
    [0.0145, 0.0089, 0.0201, 0.0077, 0.00052, "better"],
  ].flat();
  expect(cells).toHaveLength(columns);
  expect(lines).toContain(csvRows([cells]));
  expect(lines).toContain(`"'=cmd(""x""), 信号\nnew"`);
  expect(rest.find((line) => line.startsWith("notice"))).toMatch(/^notice,Other validation samples,,,.*,no verdicts$/);
  expect(rest.find((line) => line.startsWith("left out"))).toContain("nix: there is no such run");
  expect(lines).toContain(",NaN,,,,,0.3,,,,,not comparable");
});

test("a comparison of runs without config, metrics or anything is still a text", () => {
  const empty = { ...comparison, runs: [run("a", "")], notices: [], series: [], leftOut: [], beyond: 7 };
  expect(comparisonText(empty, "markdown", { hidden: [], all: false })).toContain(
    "Left out: 7 runs beyond the first 1.",
  );
  expect(comparisonText(empty, "csv", { hidden: [], all: false }).split("\r\n")).toHaveLength(5);
});

test("a format is one of three; another is refused by name", () => {
  expect([comparisonFormat(null), comparisonFormat("csv")]).toEqual(["json", "csv"]);
  expect(() => comparisonFormat("pdf")).toThrow(/"pdf".*json, markdown, csv/);
});
