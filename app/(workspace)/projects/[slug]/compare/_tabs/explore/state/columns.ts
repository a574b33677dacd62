/** The columns of the runs, as all views of the page read them. Pure. */
import { shownName } from "@/lib/table/language/column-name.ts";
import type { Direction, RunStatus } from "@/lib/wire/base/words.ts";
import type { RunColumns, RunColumnValues } from "@/lib/wire/run-columns.ts";

export type Towards = "min" | "max";

/** NaN where a run has none, and where it is NaN. */
export type NumberColumn = {
  kind: "number";
  name: string;
  label: string;
  values: Float64Array;
  direction: Direction | null;
  unit: string;
};
/** −1 where a run has none. */
export type CategoryColumn = { kind: "category"; name: string; label: string; codes: Int32Array; names: string[] };
export type Column = NumberColumn | CategoryColumn;

export type Store = {
  n: number;
  ids: string[];
  names: string[];
  statuses: RunStatus[];
  /** In the order in which they were read. */
  columns: Map<string, Column>;
};

export function storeOf({ runs, columns }: RunColumns): Store {
  return {
    n: runs.id.length,
    ids: runs.id,
    names: runs.name,
    statuses: runs.status,
    columns: new Map(columns.map((column) => [column.name, columnOf(column)])),
  };
}

function columnOf(column: RunColumnValues): Column {
  const { name } = column;
  const label = labelOf(name);
  if (column.kind === "category")
    return {
      kind: "category",
      name,
      label,
      names: column.names,
      codes: Int32Array.from(column.codes, (code) => code ?? -1),
    };
  const values = Float64Array.from(column.values, (value) => (value === null ? Number.NaN : Number(value)));
  return { kind: "number", name, label, values, direction: column.direction, unit: column.unit };
}

const ownLabels: Record<string, string> = {
  duration: "duration",
  lastStep: "last step",
  seed: "seed",
  status: "status",
};

/** A config key goes by itself; an empty one is shown in quotes, as nobody would see it. */
export function labelOf(name: string): string {
  const own = ownLabels[name];
  if (own !== undefined) return own;
  const key = name.startsWith("config.") ? name.slice("config.".length) : null;
  if (key !== null) return key.trim() === "" ? JSON.stringify(key) : key;
  return shownName(name)
    .replace(/\.atBest$/, " at best")
    .replace(/\.(last|min|max|mean)$/, " $1");
}

/** As it stands at an axis. */
export const titleOf = (column: Column): string =>
  column.kind === "number" && column.unit !== "" ? `${column.label}, ${column.unit}` : column.label;

/** Labels without what stands before a key's last dot or a metric's last slash, where that tells them apart still. */
export function shortLabels(columns: readonly Column[]): Map<Column, string> {
  const short = columns.map(
    (column) => (isConfig(column) ? /[^.]+$/ : /[^/]+$/).exec(column.label)?.[0] ?? column.label,
  );
  return new Map(
    columns.map((column, at) => [
      column,
      short.indexOf(short[at]!) === short.lastIndexOf(short[at]!) ? short[at]! : column.label,
    ]),
  );
}

/**
 * Whether a run counts in what is said of all. `infeasible`: it failed or diverged, or ended without a finite objective;
 * `unfinished`: it runs still, or was stopped before its end.
 */
export type Standing = "counted" | "infeasible" | "unfinished";

export function standingsOf(store: Store, objective: NumberColumn | null): Standing[] {
  return store.statuses.map((status, at) => {
    if (status === "failed") return "infeasible";
    if (status !== "finished") return "unfinished";
    return objective && !Number.isFinite(objective.values[at]!) ? "infeasible" : "counted";
  });
}

/** Columns of numbers; a chosen few of them measure, the others are set. */
export const isConfig = ({ name }: Column): boolean => name.startsWith("config.");
export const configOf = ({ columns }: Pick<Store, "columns">): Column[] => [...columns.values()].filter(isConfig);
export const asNumbers = (column: Column | undefined): NumberColumn | null =>
  column?.kind === "number" ? column : null;

/** Which way is better, as it is declared; less of what was spent. */
export function declaredTowards(column: NumberColumn): Towards | null {
  if (column.name === "duration" || column.name === "lastStep") return "min";
  return column.direction === "min" || column.direction === "max" ? column.direction : null;
}
