/** Doubts of comparisons: across different data (RIGOUR 5.1, L3.2), and of batch sizes without re-tuning (P6). Pure. */
import type { DoubtOf } from "../wire/doubts.ts";
import { costBy, type FactRow, groupedBy, isMeasured, type Measured, namedRuns, type Primary } from "./facts.ts";

/** So many of the ranking are what people take the best from. Ours. */
const RANKED = 10;

/**
 * The project's ranking, archived runs aside, and each study, where the runs of it were validated on different data. Runs of
 * which nothing says what it was are no evidence.
 */
export function otherDataDoubts(rows: readonly FactRow[], primary: Primary): DoubtOf<"other-data">[] {
  const cost = costBy(primary);
  const measured = rows.filter(isMeasured).filter(({ data }) => data !== null);
  const ranking = measured
    .filter(({ isArchived }) => !isArchived)
    .sort((a, b) => cost(a.value) - cost(b.value))
    .slice(0, RANKED);
  const byStudy = groupedBy(
    measured.filter(({ study }) => study !== null),
    ({ study }) => study!,
  );
  const mixed = [...byStudy].filter(([, runs]) => dataOf(runs).length > 1).sort(([a], [b]) => a - b);
  return [
    ...doubtOf(ranking, []),
    ...doubtOf(
      mixed.flatMap(([, runs]) => runs),
      mixed.map(([number]) => number),
    ),
  ];
}

function doubtOf(runs: Measured[], studies: number[]): DoubtOf<"other-data">[] {
  const data = dataOf(runs);
  return data.length < 2 ? [] : [{ kind: "other-data", tone: "danger", ...namedRuns(runs), studies, data }];
}

const dataOf = (runs: readonly Measured[]): { name: string; runs: number }[] =>
  [...groupedBy(runs, ({ data }) => data).values()]
    .map((same) => ({ name: same[0]!.dataName ?? "", runs: same.length }))
    .sort((a, b) => b.runs - a.runs);

/** A run with its batch size: digests of what is tuned for one, and of all else but its seed. */
export type BatchRow = { run: string; size: number; tuned: string; rest: string };

/**
 * Runs that differ in their batch size, and in nothing that has to be tuned for it. A size with several settings of these was
 * tuned; one with its own setting was adapted.
 */
export function batchDoubts(
  rows: ReadonlyMap<string, Measured>,
  batches: readonly BatchRow[],
  { key, fixed }: { key: string; fixed: string[] },
): DoubtOf<"batch-not-retuned">[] {
  const known = batches.filter(({ run }) => rows.has(run));
  const families = groupedBy(known, ({ run, rest }) => `${rows.get(run)!.data} ${rest}`);
  const found = [...families.values()].flatMap(untunedOf);
  if (found.length === 0) return [];
  const sizes = [...new Set(found.map(({ size }) => size))].sort((a, b) => a - b);
  const named = namedRuns(found.map(({ run }) => rows.get(run)!));
  return [{ kind: "batch-not-retuned", tone: "danger", ...named, key, sizes, fixed }];
}

/** Of one family, the runs of sizes that were tried with one setting alone, which other sizes have too. */
function untunedOf(family: BatchRow[]): BatchRow[] {
  const bySize = groupedBy(family, ({ size }) => size);
  if (bySize.size < 2) return [];
  const settings = new Map([...bySize].map(([size, runs]) => [size, new Set(runs.map(({ tuned }) => tuned))]));
  const untuned = [...settings].filter(([, own]) => own.size === 1);
  const shared = untuned.filter(([size, [own]]) =>
    [...settings].some(([other, theirs]) => other !== size && theirs.has(own!)),
  );
  const doubted = new Set(shared.map(([, [own]]) => own!));
  return family.filter(({ tuned }) => doubted.has(tuned));
}
