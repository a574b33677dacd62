/** A comparison as text to be taken along: Markdown for people, CSV with a line a value. Pure. */
import { type CsvCell, toCsv } from "../csv.ts";
import { invalid } from "../problem.ts";
import { flattenConfig, type Scalar } from "../runs/flatten.ts";
import { fromWireFloat } from "../wire/base/words.ts";
import type { ComparedRun, ComparedSeries, Comparison, Difference, RecipeSpread } from "../wire/comparison.ts";
import { seriesWords } from "../wire/points/series-name.ts";
import { barredWords, differenceVerdict, leftOutDetail, noticeTitle, summaryTitle } from "../words/comparison-words.ts";
import { countWords, listWords, significantWords, valueWords } from "../words/numbers.ts";

export const comparisonFormats = ["json", "markdown", "csv"] as const;
export type ComparisonFormat = (typeof comparisonFormats)[number];

/** JSON where none is named. Throws `invalid` for another. */
export function comparisonFormat(name: string | null): ComparisonFormat {
  const found = comparisonFormats.find((one) => one === (name ?? "json"));
  if (found) return found;
  throw invalid("format", `there is no format ${JSON.stringify(name)}: expected ${comparisonFormats.join(", ")}`);
}

export type Shown = {
  /** Runs that are out of sight. */
  hidden: readonly string[];
  /** Config keys too that all runs have alike. */
  all: boolean;
};

/** Of the runs that are shown, with the baseline in any case. */
export function comparisonText(comparison: Comparison, format: "markdown" | "csv", shown: Shown): string {
  const sight = inSight(comparison, shown);
  return format === "csv" ? csvOf(sight) : markdownOf(sight);
}

type ConfigRow = { key: string; values: (Scalar | undefined)[] };
type Sight = {
  comparison: Comparison;
  runs: ComparedRun[];
  /** Where they stand among all. */
  places: number[];
  config: ConfigRow[];
  /** How many keys are alike and left out. */
  alike: number;
};

function inSight(comparison: Comparison, { hidden, all }: Shown): Sight {
  const places = comparison.runs.flatMap(({ id }, at) =>
    hidden.includes(id) && id !== comparison.baseline ? [] : [at],
  );
  const runs = places.map((at) => comparison.runs[at]!);
  const flat = runs.map(({ config }) => flattenConfig(config));
  const keys = [...new Set(flat.flatMap((one) => Object.keys(one)))].sort();
  const rows = keys.map((key) => ({ key, values: flat.map((one) => one[key]) }));
  const config = rows.filter(({ values }) => all || values.some((value) => value !== values[0]));
  return { comparison, runs, places, config, alike: rows.length - config.length };
}

const scalarWords = (value: Scalar | undefined): string => (value === undefined ? "" : String(value));

function markdownOf({ comparison, runs, places, config, alike }: Sight): string {
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
    config.length > 0 || alike > 0 ? "## Config" : "",
    config.length > 0
      ? grid(
          ["key", ...names],
          config.map(({ key, values }) => [key, ...values.map(scalarWords)]),
        )
      : "",
    alike > 0 ? `${countWords(alike, "key")} alike in all runs.` : "",
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
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
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

const csvHeader = [
  "part",
  "name",
  "split",
  "unit",
  "run",
  "run id",
  "is baseline",
  "value",
  "step",
  "mean of replicates",
  "standard deviation",
  "n",
  "delta to baseline",
  "95 % low",
  "95 % high",
  "would see",
  "p (Holm)",
  "verdict",
];

function csvOf({ comparison, runs, places, config }: Sight): string {
  const { baseline, notices, leftOut, series } = comparison;
  const runCells = ({ id, name }: { id: string; name: string | null }): CsvCell[] => [name, id, id === baseline];
  const fill = (cells: CsvCell[]): CsvCell[] => [...cells, ...csvHeader.slice(cells.length).map(() => null)];
  const ofRun = new Map(comparison.runs.map((run) => [run.id, run]));
  const facts = runs.flatMap((run) =>
    Object.entries({ status: run.status, seed: run.seed, manifest: run.manifest?.name ?? null }).map(([name, value]) =>
      fill(["run", name, null, null, ...runCells(run), value]),
    ),
  );
  return toCsv(csvHeader, [
    ...leftOut.map((one) => fill(["left out", null, null, null, one.name, one.run, false, leftOutDetail(one)])),
    ...notices.flatMap((notice) =>
      notice.runs.map((id) => [
        ...fill([
          "notice",
          noticeTitle(notice),
          null,
          null,
          ...runCells(ofRun.get(id) ?? { id, name: null }),
          notice.detail,
        ]).slice(0, -1),
        barredWords(notice),
      ]),
    ),
    ...facts,
    ...config.flatMap(({ key, values }) =>
      runs.map((run, at) => fill(["config", key, null, null, ...runCells(run), values[at] ?? null])),
    ),
    ...series.flatMap((row) =>
      places.map((at): CsvCell[] => [
        "metric",
        row.metric,
        row.split,
        row.unit,
        ...runCells(comparison.runs[at]!),
        row.values[at] ?? null,
        row.steps[at] ?? null,
        ...spreadCells(row.recipes[at] ?? null),
        ...differenceCells(row.differences[at]!),
      ]),
    ),
  ]);
}

const spreadCells = (recipe: RecipeSpread | null): CsvCell[] =>
  recipe === null ? [null, null, null] : [recipe.mean, recipe.sd, recipe.n];

const differenceCells = (difference: Difference): CsvCell[] => {
  const { delta, low, high, detectable, p } = difference;
  return [delta, low, high, detectable, p, differenceVerdict(difference)];
};
