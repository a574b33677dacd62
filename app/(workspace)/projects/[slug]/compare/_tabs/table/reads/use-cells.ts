/** Cells that come after the page: of metrics further down, their small curves, and paired differences of evaluations. */
import { useEffect, useRef, useState } from "react";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import type { PairedDifferences } from "@/lib/compare/read-evaluations.ts";
import type { Sparklines } from "@/lib/compare/sparklines.ts";
import type { EvaluatedRow, GridData, MetricCells } from "../grid-data.ts";
import { pairWithBaselineAction, readMetricCellsAction, readSparklinesAction } from "./actions.ts";

/** Whoever scrolls on asks for nothing on the way. */
const PAUSE_MS = 80;
const CELLS_ROWS = 40;
/** The server draws no more curves in one answer. */
const CURVES = 240;

const unreachable = (): ActionOutcome<never> => ({ ok: false, error: "the server can't be reached", fieldErrors: {} });

/** The cells of each metric, those of an older answer until there are newer; `inSight`: the series that are wanted. */
export function useMetricCells(data: GridData, inSight: string[]): (series: string) => MetricCells | undefined {
  const [read, setRead] = useState<ReadonlyMap<string, { cells: MetricCells; of: GridData }>>(new Map());
  const first = new Map(data.cells.map((cells) => [cells.series, cells]));
  const wanted = inSight.filter((series) => !first.has(series) && read.get(series)?.of !== data).slice(0, CELLS_ROWS);
  const key = wanted.join("\n");
  useEffect(() => {
    if (key === "") return;
    let isOver = false;
    const timer = setTimeout(async () => {
      const answer = await readMetricCellsAction(data.project.id, {
        runs: data.runs.map(({ id }) => id),
        baseline: data.baseline,
        summary: data.summary,
        series: key.split("\n"),
      }).catch(unreachable);
      // what didn't come is asked for with the next change of the page
      if (isOver || !answer.ok) return;
      const fitting = answer.value.filter(({ values }) => values.length === data.runs.length);
      setRead(
        (before) => new Map([...before, ...fitting.map((cells) => [cells.series, { cells, of: data }] as const)]),
      );
    }, PAUSE_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [key, data]);
  return (series) => first.get(series) ?? read.get(series)?.cells;
}

/** By run. */
export type LineOf = Readonly<Record<string, string>>;

/** Small curves of what is in sight; those of running runs are drawn anew when the page is. */
export function useSparklines(
  data: GridData,
  series: string[],
  runs: string[],
): (series: string) => LineOf | undefined {
  const [lines, setLines] = useState<Sparklines>({});
  const drawn = useRef(new Set<string>());
  const hasRunning = data.runs.some(({ status, id }) => status === "running" && runs.includes(id));
  const version = useRef(data);
  if (version.current !== data) {
    version.current = data;
    if (hasRunning) drawn.current.clear();
  }
  const wanted = series.filter((one) => !runs.every((run) => drawn.current.has(`${one}\n${run}`)));
  const asked = wanted.slice(0, Math.max(1, Math.floor(CURVES / Math.max(1, runs.length))));
  const key = JSON.stringify([asked, runs]);
  useEffect(() => {
    const [names, ids] = JSON.parse(key) as [string[], string[]];
    if (names.length === 0 || ids.length === 0) return;
    let isOver = false;
    const timer = setTimeout(async () => {
      const answer = await readSparklinesAction(data.project.id, { runs: ids, series: names }).catch(unreachable);
      if (isOver || !answer.ok) return;
      for (const name of names) for (const id of ids) drawn.current.add(`${name}\n${id}`);
      setLines((before) => ({
        ...before,
        ...Object.fromEntries(names.map((name) => [name, { ...before[name], ...answer.value[name] }])),
      }));
    }, PAUSE_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [key, data]);
  return (series) => lines[series];
}

/** Null: on its way. */
export type Pairing = PairedDifferences | { problem: string } | null;

/** Paired differences of each row to the baseline, once there are two evaluations on its samples. */
export function usePairings(
  data: GridData,
  rows: readonly EvaluatedRow[],
  baseline: string,
): (row: EvaluatedRow) => Pairing | undefined {
  const [found, setFound] = useState<ReadonlyMap<string, Pairing>>(new Map());
  const asked = rows.map((row) => pairsOf(row, baseline));
  const key = JSON.stringify(asked.flatMap((one, at) => (one ? [{ ...one, metric: rows[at]!.metric }] : [])));
  const begun = useRef(new Set<string>());
  useEffect(() => {
    for (const one of JSON.parse(key) as { pairs: { run: string; evaluation: string }[]; metric: string }[]) {
      const name = JSON.stringify(one.pairs);
      if (begun.current.has(name)) continue;
      begun.current.add(name);
      void pairWithBaselineAction(data.project.id, one)
        .catch(unreachable)
        .then((answer) =>
          setFound((before) => new Map(before).set(name, answer.ok ? answer.value : { problem: answer.error })),
        );
    }
  }, [key, data.project.id]);
  return (row) => {
    const pairs = pairsOf(row, baseline)?.pairs;
    return pairs && (found.get(JSON.stringify(pairs)) ?? null);
  };
}

/** The baseline's evaluation first; null where there is nothing to pair. */
export function pairsOf(
  { cells, metric }: EvaluatedRow,
  baseline: string,
): { pairs: { run: string; evaluation: string }[] } | null {
  const shown = cells.flatMap((cell) => (cell?.standing === "shown" ? [{ run: cell.run, evaluation: cell.id }] : []));
  const own = shown.find(({ run }) => run === baseline);
  if (!own || shown.length < 2 || metric === null) return null;
  return { pairs: [own, ...shown.filter((pair) => pair !== own)] };
}
