/** A comparison as Markdown: a table a part, a column a run. Pure. */
import type { Scalar } from "../../runs/flatten.ts";
import { fromWireFloat } from "../../wire/base/words.ts";
import type { ComparedSeries, Difference } from "../../wire/comparison.ts";
import { seriesWords } from "../../wire/points/series-name.ts";
import {
  barredWords,
  differenceVerdict,
  leftOutDetail,
  noticeTitle,
  summaryTitle,
  unshownWords,
} from "../../words/comparison-words.ts";
import { countWords, listWords, significantWords, valueWords } from "../../words/numbers.ts";
import { pairTestWords } from "../../words/report/paired-words.ts";
import { intervalWords, isUndefined, measuredWords, metricTitle, scaledWords } from "../../words/report-words.ts";
import {
  type EvaluatedCell,
  type EvaluatedText,
  evaluatedAt,
  type Sight,
  type TextRow,
  type TextSection,
} from "./shown.ts";

const scalarWords = (value: Scalar | undefined): string => (value === undefined ? "" : String(value));

export function markdownOf({ comparison, evaluations, runs, places, config, alike, facts }: Sight): string {
  const { baseline, notices, leftOut, beyond, series, summary } = comparison;
  const nameOf = new Map(comparison.runs.map(({ id, name }) => [id, name]));
  const names = runs.map(({ id, name }) => (id === baseline ? `${name} (baseline)` : name));
  const named = (ids: string[]) => listWords(ids.map((id) => nameOf.get(id) ?? id));
  const missing = [
    ...leftOut.map((one) => leftOutDetail(one)),
    ...(beyond > 0 ? [`${countWords(beyond, "run")} beyond the first ${comparison.runs.length}`] : []),
    ...(places.length < comparison.runs.length
      ? [`${countWords(comparison.runs.length - places.length, "run")} out of sight`]
      : []),
  ];
  const parts = [
    `# ${countWords(runs.length, "run")} compared with ${text(nameOf.get(baseline)!)}`,
    missing.length > 0 ? `Left out: ${text(missing.join("; "))}.` : "",
    notices.length > 0 ? "## What bars a comparison" : "",
    notices
      .map((one) => `- **${noticeTitle(one)}** (${barredWords(one)}): ${text(named(one.runs))}. ${text(one.detail)}`)
      .join("\n"),
    "## Runs",
    grid(
      ["", ...names],
      [
        ["id", ...runs.map(({ id }) => id)],
        ["status", ...runs.map(({ status }) => status)],
        ["seed", ...runs.map(({ seed }) => scalarWords(seed ?? undefined))],
        ["manifest", ...runs.map(({ manifest }) => manifest?.name ?? "uncited")],
      ],
    ),
    ...rowsPart("Config", names, config, alike > 0 ? `${countWords(alike, "key")} alike in all runs.` : ""),
    series.length > 0 ? `## Metrics, ${summaryTitle(summary)}` : "",
    series.length > 0
      ? grid(
          ["metric", ...names],
          series.map((row) => [titleOf(row), ...places.map((at) => cellWords(row, at))]),
        )
      : "",
    series.length > 0
      ? "Deltas are to the baseline, of the means of replicates where there are any, with 95 % intervals (Welch); verdicts are at 5 % after Holm’s adjustment over each row."
      : "",
    ...evaluationsPart(evaluations, names, places, runs.map(({ id }) => id).indexOf(baseline)),
    ...facts.flatMap(({ section, rows, alike: same }) =>
      rowsPart(factTitles[section], names, rows, same > 0 ? `${countWords(same, "row")} alike in all runs.` : ""),
    ),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

const factTitles: Record<TextSection["section"], string> = { data: "Data", code: "Code", environment: "Environment" };

/** A heading, a table, and what is left out of it; nothing where there is neither. */
const rowsPart = (title: string, names: string[], rows: TextRow[], rest: string): string[] =>
  rows.length === 0 && rest === ""
    ? []
    : [
        `## ${title}`,
        ...(rows.length > 0
          ? [
              grid(
                ["key", ...names],
                rows.map(({ key, values }) => [key, ...values.map(scalarWords)]),
              ),
            ]
          : []),
        rest,
      ];

function evaluationsPart(
  evaluations: readonly EvaluatedText[],
  names: string[],
  places: number[],
  baseline: number,
): string[] {
  if (evaluations.length === 0) return [];
  const rows = evaluations.map((one) => [
    evaluatedTitle(one),
    ...places.map((at, place) => {
      const found = evaluatedAt(one, at);
      return found ? evaluatedWords(found, place === baseline) : "";
    }),
  ]);
  return [
    "## Evaluations",
    grid(["evaluation", ...names], rows),
    "Numbers have their 95 % intervals. Differences are to the baseline’s evaluation, paired over the samples that both have; verdicts are at 5 % after Holm’s adjustment over each row.",
  ];
}

const evaluatedTitle = ({ row: { split, metric, k } }: EvaluatedText): string =>
  metric === null ? split : `${split}: ${metricTitle(metric, k ?? undefined)}`;

/** `0.9312 [0.9010, 0.9514], 120 samples; +0.0120 [0.0010, 0.0230]: better`. */
function evaluatedWords({ cell, found, isBarred }: EvaluatedCell, isBaseline: boolean): string {
  const { lead, standing } = cell;
  if (standing !== "shown") return unshownWords(standing);
  if (lead === null) return "no number";
  const interval = isUndefined(lead.interval) ? "" : ` [${intervalWords(lead.interval, lead.metric)}]`;
  const look = cell.look === null ? "" : `, look ${cell.look}`;
  const own = `${measuredWords(lead.value, lead.metric)}${interval}, ${countWords(cell.samples, "sample")}${look}`;
  if (isBaseline) return `${own}; baseline`;
  if (isBarred) return `${own}; not comparable`;
  if (found === null) return `${own}; not paired`;
  const { difference, decision } = found;
  const signed = (value: number) => `${value > 0 ? "+" : ""}${scaledWords(value, lead.metric)}`;
  const range = isUndefined(found.interval) ? "" : ` [${signed(found.interval.low)}, ${signed(found.interval.high)}]`;
  const delta = typeof difference === "number" ? `${signed(difference)}${range}: ` : "";
  return `${own}; ${delta}${pairTestWords.decision(decision)}`;
}

const titleOf = (row: ComparedSeries): string => `${seriesWords(row)}${row.unit === "" ? "" : ` (${row.unit})`}`;

/** `0.93 (mean 0.921, n = 3); +0.02 [0.01, 0.03]: better`. */
function cellWords(row: ComparedSeries, at: number): string {
  const value = row.values[at] ?? null;
  const recipe = row.recipes[at] ?? null;
  const difference = row.differences[at]!;
  const own = value === null ? "" : valueWords(fromWireFloat(value));
  const mean = recipe === null || recipe.n < 2 ? "" : ` (mean ${valueWords(recipe.mean)}, n = ${recipe.n})`;
  const said = [deltaWords(difference), differenceVerdict(difference)].filter((part) => part !== "").join(": ");
  return `${own}${mean}; ${said}`.replace(/^; /, "");
}

function deltaWords({ kind, delta, low, high }: Difference): string {
  // across a border a delta isn't shown as a gain
  if (delta === null || kind === "not-comparable") return "";
  const signed = (number: number) => `${number > 0 ? "+" : ""}${significantWords(number, 3)}`;
  return low === null || high === null ? signed(delta) : `${signed(delta)} [${signed(low)}, ${signed(high)}]`;
}

/** A cell of Markdown: one line, with nothing that ends it. */
const text = (words: string): string => words.replace(/[\\|`*_<>[\]]/g, (sign) => `\\${sign}`).replace(/\s+/g, " ");

function grid(header: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(text).join(" | ")} |`;
  return [
    line(header),
    `|${header.map((_, at) => (at === 0 ? " --- |" : " ---: |")).join("")}`,
    ...rows.map(line),
  ].join("\n");
}
