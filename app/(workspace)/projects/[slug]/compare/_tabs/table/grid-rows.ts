/** The rows of a comparison's table in their order, of what the server knows. Pure. */
import { cardsOf } from "@/app/_ui/charts/cards.ts";
import type { AlignedRow } from "@/lib/compare/aligned-row.ts";
import { alignConfigs } from "@/lib/compare/config-rows.ts";
import { alignFacts, type FactRow, type FactSection } from "@/lib/compare/fact-rows.ts";
import type { EvaluationRow } from "@/lib/compare/read-evaluations.ts";
import type { SeriesOfRuns } from "@/lib/compare/read-metrics.ts";
import type { ComparedRun } from "@/lib/wire/comparison.ts";
import { seriesKey, seriesWords } from "@/lib/wire/points/series-name.ts";
import { metricTitle } from "@/lib/words/report-words.ts";
import type { EvaluatedRow, GridRow, GridRun, MetricRow, SectionName, ValueRow } from "./grid-data.ts";

/** Of a long text a cell shows less, and the row's detail has all. */
const SENT_CHARACTERS = 200;
/** What is longer has a detail. */
const CELL_CHARACTERS = 24;

type Known = {
  runs: readonly ComparedRun[];
  series: readonly SeriesOfRuns[];
  evaluations: readonly (EvaluationRow & { barred: string[] })[];
  primaryMetric: string | null;
};

export function makeRows({ runs, series, evaluations, primaryMetric }: Known): GridRow[] {
  const facts = alignFacts(runs);
  const of = (section: FactSection) => facts.filter((fact) => fact.section === section).map(factRow);
  return [
    ...of("identity"),
    ...alignConfigs(runs.map(({ config }) => config)).map(configRow),
    ...metricRows(series, primaryMetric),
    ...evaluations.map(evaluatedRow),
    ...of("data"),
    ...of("code"),
    ...of("environment"),
  ];
}

const factRow = (fact: FactRow): ValueRow =>
  valueRow(fact, { section: fact.section, show: fact.kind, label: fact.key });

const configRow = (row: AlignedRow): ValueRow =>
  valueRow(row, {
    section: "config",
    show: "config",
    label: row.prefix === "" ? row.key : row.key.slice(row.prefix.length + 1),
  });

function valueRow(
  { key, prefix, choices, at }: AlignedRow,
  { section, show, label }: { section: SectionName; show: ValueRow["show"]; label: string },
): ValueRow {
  const isText = show !== "status" && show !== "time" && show !== "manifest" && show !== "tags";
  return {
    kind: "value",
    section,
    id: `${section}/${key}`,
    key,
    prefix,
    label,
    show,
    choices: choices.map((value) => (typeof value === "string" ? value.slice(0, SENT_CHARACTERS) : value)),
    at,
    isLong: isText && choices.some((value) => typeof value === "string" && value.length > CELL_CHARACTERS),
  };
}

const metricRows = (series: readonly SeriesOfRuns[], primaryMetric: string | null): MetricRow[] =>
  cardsOf(series, primaryMetric).flatMap(({ section, series: members }) =>
    members.map(({ split, metric, direction, unit }) => ({
      kind: "metric",
      section: "metrics",
      id: `metrics/${seriesKey({ split, metric })}`,
      series: seriesKey({ split, metric }),
      label: seriesWords({ split, metric }),
      prefix: section,
      split,
      metric,
      direction,
      unit,
    })),
  );

const evaluatedRow = (row: EvaluationRow & { barred: string[] }): EvaluatedRow => ({
  ...row,
  kind: "evaluation",
  section: "evaluations",
  id: `evaluations/${row.split}`,
  label: row.metric === null ? row.split : `${row.split}: ${metricTitle(row.metric, row.k ?? undefined)}`,
  prefix: "",
});

export const gridRun = (run: ComparedRun, champions: ReadonlySet<string>): GridRun => ({
  id: run.id,
  name: run.name,
  status: run.status,
  failureReason: run.failureReason,
  seed: run.seed,
  color: run.color,
  isArchived: run.isArchived,
  isChampion: champions.has(run.id),
  manifest: run.manifest && { id: run.manifest.id, name: run.manifest.name },
  standing: standingOf(run),
});

function standingOf({ manifest }: ComparedRun): string | null {
  if (!manifest) return "uncited";
  if (manifest.verdict === null) return "not checked";
  if (manifest.verdict !== "block") return null;
  return manifest.isOverridden ? "overridden" : "blocked";
}
