/** A comparison as CSV: a line a value. Pure. */
import { type CsvCell, toCsv } from "../../csv.ts";
import type { Scalar } from "../../runs/flatten.ts";
import type { Difference, RecipeSpread } from "../../wire/comparison.ts";
import {
  barredWords,
  differenceVerdict,
  leftOutDetail,
  noticeTitle,
  unshownWords,
} from "../../words/comparison-words.ts";
import { pairTestWords } from "../../words/report/paired-words.ts";
import { isUndefined, metricTitle } from "../../words/report-words.ts";
import { type EvaluatedCell, evaluatedAt, type Sight } from "./shown.ts";

const header = [
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
  "samples",
  "value 95 % low",
  "value 95 % high",
  "look",
] as const;

type Line = Partial<Record<(typeof header)[number], CsvCell>>;

export function csvOf(sight: Sight): string {
  const lines = [...leftOutLines(sight), ...noticeLines(sight), ...factLines(sight), ...numberLines(sight)];
  return toCsv(
    [...header],
    lines.map((line) => header.map((name) => line[name] ?? null)),
  );
}

const leftOutLines = ({ comparison: { leftOut } }: Sight): Line[] =>
  leftOut.map((one) => ({
    part: "left out",
    run: one.name,
    "run id": one.run,
    "is baseline": false,
    value: leftOutDetail(one),
  }));

function noticeLines({ comparison: { notices, runs, baseline } }: Sight): Line[] {
  const nameOf = new Map(runs.map(({ id, name }) => [id, name]));
  return notices.flatMap((notice) =>
    notice.runs.map((id) => ({
      part: "notice",
      name: noticeTitle(notice),
      run: nameOf.get(id) ?? null,
      "run id": id,
      "is baseline": id === baseline,
      value: notice.detail,
      verdict: barredWords(notice),
    })),
  );
}

function factLines({ comparison: { baseline }, runs, config, facts }: Sight): Line[] {
  const rowLines = (part: string, rows: { key: string; values: (Scalar | undefined)[] }[]): Line[] =>
    rows.flatMap(({ key, values }) =>
      runs.map((run, at) => ({ part, name: key, ...runCells(run, baseline), value: values[at] ?? null })),
    );
  return [
    ...runs.flatMap((run) =>
      Object.entries({ status: run.status, seed: run.seed, manifest: run.manifest?.name ?? null }).map(
        ([name, value]) => ({ part: "run", name, ...runCells(run, baseline), value }),
      ),
    ),
    ...rowLines("config", config),
    ...facts.flatMap(({ section, rows }) => rowLines(section, rows)),
  ];
}

function numberLines({ comparison, evaluations, places }: Sight): Line[] {
  const { runs, series, baseline } = comparison;
  return [
    ...series.flatMap((row) =>
      places.map((at) => ({
        part: "metric",
        name: row.metric,
        split: row.split,
        unit: row.unit,
        ...runCells(runs[at]!, baseline),
        value: row.values[at] ?? null,
        step: row.steps[at] ?? null,
        ...spreadCells(row.recipes[at] ?? null),
        ...differenceCells(row.differences[at]!),
      })),
    ),
    ...evaluations.flatMap((one) =>
      places.flatMap((at): Line[] => {
        const found = evaluatedAt(one, at);
        if (!found) return [];
        const { metric, split, k } = one.row;
        const name = metric === null ? null : metricTitle(metric, k ?? undefined);
        const run = runCells(runs[at]!, baseline);
        return [{ part: "evaluation", name, split, ...run, ...evaluatedCells(found, run["is baseline"]) }];
      }),
    ),
  ];
}

const runCells = ({ id, name }: { id: string; name: string | null }, baseline: string) => ({
  run: name,
  "run id": id,
  "is baseline": id === baseline,
});

const spreadCells = (recipe: RecipeSpread | null): Line =>
  recipe === null ? {} : { "mean of replicates": recipe.mean, "standard deviation": recipe.sd, n: recipe.n };

const differenceCells = (difference: Difference): Line => ({
  "delta to baseline": difference.delta,
  "95 % low": difference.low,
  "95 % high": difference.high,
  "would see": difference.detectable,
  "p (Holm)": difference.p,
  verdict: differenceVerdict(difference),
});

function evaluatedCells({ cell, found, isBarred }: EvaluatedCell, isBaseline: boolean): Line {
  const { lead, standing } = cell;
  const interval = lead === null || isUndefined(lead.interval) ? null : lead.interval;
  const about: Line = { step: cell.step, samples: cell.samples, look: cell.look };
  if (standing !== "shown" || lead === null)
    return { ...about, verdict: standing === "shown" ? "no number" : unshownWords(standing) };
  const own: Line = {
    ...about,
    value: numberOrNull(lead.value),
    "value 95 % low": interval?.low ?? null,
    "value 95 % high": interval?.high ?? null,
  };
  if (isBaseline || isBarred || found === null)
    return { ...own, verdict: isBaseline ? "baseline" : isBarred ? "not comparable" : "not paired" };
  const range = isUndefined(found.interval) ? null : found.interval;
  return {
    ...own,
    "delta to baseline": numberOrNull(found.difference),
    "95 % low": range?.low ?? null,
    "95 % high": range?.high ?? null,
    "would see": numberOrNull(found.detectable),
    "p (Holm)": found.holm,
    verdict: pairTestWords.decision(found.decision),
  };
}

const numberOrNull = (value: unknown): number | null => (typeof value === "number" ? value : null);
