/** Which trials a table shows, in which order, and the table as a file. Pure. */
import type { CsvCell } from "@/lib/csv.ts";
import type { TrialState, TrialsData } from "@/lib/studies/panels/trials.ts";

/** A column of its own, or `p` and the place of a parameter. */
export type SortKey = "number" | "value" | "equal" | "bestStep" | "lastStep" | "seconds" | `p${number}`;
export type TrialSort = { by: SortKey; down: boolean };

/** The best first; without a ranking the order of the trials. */
export const firstSort = ({ direction, equal }: TrialsData): TrialSort =>
  equal === null ? { by: "value", down: direction === "max" } : { by: "number", down: false };

/** Places of the trials in one of the states, or of all; what has no value comes last. */
export function rowsOf(data: TrialsData, state: TrialState | null, { by, down }: TrialSort): number[] {
  const { columns, equal } = data;
  const read = (at: number): string | number | boolean | null => {
    if (by === "equal") return equal?.value[at] ?? null;
    if (by.startsWith("p")) return columns.values[Number(by.slice(1))]?.[at] ?? null;
    // a value that doesn't count is no better than none
    if (by === "value" && columns.state[at] === "infeasible") return null;
    return columns[by as "number" | "value" | "bestStep" | "lastStep" | "seconds"][at] ?? null;
  };
  const order = (a: number, b: number): number => {
    const [left, right] = [read(a), read(b)];
    if (left === null || right === null) return (left === null ? 1 : 0) - (right === null ? 1 : 0) || a - b;
    const isLess = typeof left === "number" && typeof right === "number" ? left < right : String(left) < String(right);
    return left === right ? a - b : isLess === down ? 1 : -1;
  };
  return [...columns.state.keys()].filter((at) => state === null || columns.state[at] === state).sort(order);
}

/** Each state that occurs, with how many trials are in it. */
export function statesOf({ columns }: TrialsData): [TrialState, number][] {
  const counts = new Map<TrialState, number>();
  for (const state of columns.state) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts];
}

export function csvOf({ columns: c, parameters, objective, equal }: TrialsData, rows: readonly number[]) {
  const header = [
    "trial",
    "seed of trial",
    "state",
    objective,
    ...(equal ? [`${objective} within ${equal.steps} steps`] : []),
    ...parameters,
    "best step",
    "last step",
    "seconds",
    "origin",
    "reason",
    "run",
    "run id",
    "seed",
    "notes",
    "command",
    "unsubmitted changes",
  ];
  const lines = rows.map((at): CsvCell[] => [
    c.number[at]!,
    c.replicate[at]! + 1,
    c.state[at]!,
    c.value[at]!,
    ...(equal ? [equal.value[at]!] : []),
    ...c.values.map((column) => column[at] ?? null),
    c.bestStep[at]!,
    c.lastStep[at]!,
    c.seconds[at]!,
    c.origin[at]!,
    c.reason[at]!,
    c.name[at]!,
    c.run[at]!,
    c.seed[at]!,
    c.notes[at]!,
    c.command[at]!,
    c.isDirty[at]!,
  ]);
  return { header, lines };
}
