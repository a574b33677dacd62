/** A comparison as text: what is shown, with intervals, n, verdicts and the guard's words, and nothing that breaks a file. */
import { expect, test } from "vitest";
import { csvRows } from "../../csv.ts";
import type { ComparedRun, ComparedSeries, Comparison, Difference } from "../../wire/comparison.ts";
import type { EvaluationCell, EvaluationRow } from "../read-evaluations.ts";
import { comparisonFormat, comparisonText } from "./text.ts";

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
const interval = (low: number, high: number) => ({ low, high, level: 0.95, method: "wilson" as const });
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
  const text = comparisonText(comparison, [], "markdown", { hidden: [], all: false });
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
  const text = comparisonText(comparison, [], "markdown", { hidden: ["a", "b"], all: true });
  expect(text).toContain("| depth | 3 | 3 |");
  expect(text).toContain("# 2 runs compared");
  expect(text).toContain("1 run out of sight");
  expect(text).not.toContain("信号");
});

test("CSV has a line a value, and no text that a spreadsheet would run", () => {
  const lines = comparisonText(comparison, [], "csv", { hidden: [], all: false }).slice(1);
  const [head, ...rest] = lines.split(/\r\n/);
  const columns = head!.split(",").length;
  const cells = [
    ["metric", "accuracy", "validation", "", '=cmd("x"), 信号\nnew', "b", false, 0.915, 120, 0.917, 0.0035, 5],
    [0.0145, 0.0089, 0.0201, 0.0077, 0.00052, "better", null, null, null, null],
  ].flat();
  expect(cells).toHaveLength(columns);
  expect(lines).toContain(csvRows([cells]));
  expect(lines).toContain(`"'=cmd(""x""), 信号\nnew"`);
  expect(rest.find((line) => line.startsWith("notice"))).toMatch(
    /^notice,Other validation samples,,,.*,no verdicts,,,,$/,
  );
  expect(rest.find((line) => line.startsWith("left out"))).toContain("nix: there is no such run");
  expect(lines).toContain(",NaN,,,,,0.3,,,,,not comparable,,,,");
});

test("evaluations stand with their intervals and what their difference is worth, and what the reader may not see says so", () => {
  const at = (id: string, change: Partial<EvaluationCell>): EvaluationCell => ({
    id: `e ${id}`,
    run: id,
    standing: "shown",
    lead: { metric: "accuracy", value: 0.93, interval: interval(0.9, 0.95), samples: 120 },
    step: 40,
    samples: 120,
    look: null,
    version: 1,
    ...change,
  });
  const row = (change: Partial<EvaluationRow>): EvaluationRow => ({
    split: "validation",
    metric: "accuracy",
    k: null,
    isOneVersion: true,
    cells: [at("a", {}), at("b", {}), at("c", { standing: "other-samples", lead: null })],
    ...change,
  });
  const found = {
    difference: 0.012,
    interval: interval(0.001, 0.023),
    decision: "better" as const,
    detectable: { undefined: "differences-zero" as const },
    holm: 0.03,
  };
  const paired = { metric: "accuracy" as const, byRun: { b: found }, beyond: 0 };
  const shut = row({ split: "test", cells: [at("a", { standing: "shut", lead: null, look: 3 }), null, at("c", {})] });
  const evaluations = [
    { row: row({}), paired, barred: [] },
    { row: shut, paired: null, barred: ["c"] },
  ];
  const text = comparisonText(comparison, evaluations, "markdown", { hidden: [], all: false });
  const one = "0.9300 \\[0.9000 to 0.9500\\], 120 samples";
  expect(text).toContain(
    `| validation: Accuracy | ${one}; baseline | ${one}; +0.0120 \\[+0.0010, +0.0230\\]: better | not comparable |`,
  );
  expect(text).toContain(`| test: Accuracy | kept shut |  | ${one}; not comparable |`);
  const lines = comparisonText(comparison, evaluations, "csv", { hidden: ["c"], all: false }).split("\r\n");
  expect(lines.find((line) => line.includes("evaluation,Accuracy,validation") && line.includes(",b,"))).toMatch(
    /,b,false,0.93,40,,,,0.012,0.001,0.023,,0.03,better,120,0.9,0.95,$/,
  );
  expect(lines.filter((line) => line.includes("evaluation,Accuracy,test"))).toEqual([
    "evaluation,Accuracy,test,,old | one,a,true,,40,,,,,,,,,kept shut,120,,,3",
  ]);
});

test("data, code and environment stand after the numbers, what all have alike where it is asked for", () => {
  const some = {
    ...comparison,
    runs: comparison.runs.map((one, at) => ({
      ...one,
      environment: { node: "20", gpu: ["A", "B", "B"][at]! },
      codeDigest: "c0de",
    })),
  };
  const text = comparisonText(some, [], "markdown", { hidden: [], all: false });
  expect(text).toContain("## Code\n\n1 row alike in all runs.");
  expect(text).toMatch(/## Environment\n\n\| key .*\n.*\n\| gpu \| A \| B \| B \|\n\n1 row alike in all runs\./);
  const csv = comparisonText(some, [], "csv", { hidden: [], all: true });
  expect(csv).toContain("environment,node,,,old | one,a,true,20,");
  expect(csv).toContain("code,code,,,old | one,a,true,c0de,");
});

test("a comparison of runs without config, metrics or anything is still a text", () => {
  const empty = { ...comparison, runs: [run("a", "")], notices: [], series: [], leftOut: [], beyond: 7 };
  expect(comparisonText(empty, [], "markdown", { hidden: [], all: false })).toContain(
    "Left out: 7 runs beyond the first 1.",
  );
  expect(comparisonText(empty, [], "csv", { hidden: [], all: false }).split("\r\n")).toHaveLength(5);
});

test("a format is one of three; another is refused by name", () => {
  expect([comparisonFormat(null), comparisonFormat("csv")]).toEqual(["json", "csv"]);
  expect(() => comparisonFormat("pdf")).toThrow(/"pdf".*json, markdown, csv/);
});
