/** How a file is to be read, as a person leaves it: what that comes to, and what of it would be refused. Pure. */
import { splitIn } from "@/lib/wire/alike/sample-cells.ts";
import {
  type ColumnRole,
  knownOf,
  rolesToSay,
  roleText,
  type TableReading,
  timeRole,
  wordsText,
} from "@/lib/wire/alike/table-columns.ts";
import { type Split, splits } from "@/lib/wire/base/words.ts";
import type { ManifestMethod } from "@/lib/wire/data/manifests.ts";
import type { ColumnFault, PreviewColumn, TablePreview } from "@/lib/wire/data/table-preview.ts";

export type UploadPlan = TableReading & {
  /** Columns whose dates may be read in two ways, until a person says which. */
  asked: string[];
  /** Columns whose role is that of the dataset's earlier version. */
  kept: string[];
};

/** What is proposed for a file; a column that an earlier version of the dataset has keeps its role. */
export function proposePlan(preview: TablePreview, kept: TableReading | null): UploadPlan {
  const roleOf = ({ name, role }: PreviewColumn): ColumnRole => kept?.columns[name] ?? role;
  const asked = preview.columns.filter((column) => kept?.columns[column.name] === undefined && isAmbiguous(column));
  const words = preview.missing.filter(({ proposed }) => proposed).map(({ word }) => word);
  return {
    columns: Object.fromEntries(preview.columns.map((column) => [column.name, roleOf(column)])),
    trim: kept?.trim || preview.trim,
    missing: kept ? [...new Set([...kept.missing, ...words])] : words,
    byLine: kept?.byLine ?? preview.byLine,
    decimalComma: kept?.decimalComma ?? preview.decimalComma,
    asked: asked.filter(({ role }) => knownOf(role) === "time").map(({ name }) => name),
    kept: preview.columns.filter(({ name }) => kept?.columns[name] !== undefined).map(({ name }) => name),
  };
}

/** Whether a column's dates are other days with the day first than with the month first. */
export function isAmbiguous({ times }: PreviewColumn): boolean {
  const [day, month] = ["day-first", "month-first"].map((format) => times.find((one) => one.format === format)?.at);
  return day !== undefined && month !== undefined && day !== month;
}

/** The plan with another role for a column. What one column alone can be, the one that was it before is no more. */
export function withRole(plan: UploadPlan, column: PreviewColumn, role: ColumnRole): UploadPlan {
  const said = knownOf(role);
  const others = Object.entries(plan.columns).map(([name, before]): [string, ColumnRole] => [
    name,
    name !== column.name && said !== null && knownOf(before) === said ? "feature" : before,
  ]);
  const asked = plan.asked.filter((name) => name !== column.name);
  // a time whose form isn't said yet: the one that fits, or else it is asked for
  const isOpen = role === "time" && isAmbiguous(column) && plan.columns[column.name] !== "time";
  const fitting = role === "time" && column.times[0] ? timeRole(column.times[0].format) : role;
  return {
    ...plan,
    columns: { ...Object.fromEntries(others), [column.name]: fitting },
    asked: isOpen ? [...asked, column.name] : asked,
    kept: plan.kept.filter((name) => name !== column.name),
  };
}

/** The plan as the address of an upload has it. */
export function uploadQuery(format: string, preview: TablePreview, plan: UploadPlan): URLSearchParams {
  const names = preview.columns.map(({ name }) => name);
  const said = Object.entries(rolesToSay(names, plan.columns)).map(([name, role]) => roleText(name, role));
  const query = new URLSearchParams({ format });
  if (said.length > 0) query.set("columns", said.join(","));
  if (plan.trim) query.set("blanks", "trim");
  if (plan.missing.length > 0) query.set("missing", wordsText(plan.missing));
  if (plan.byLine && !columnOf(preview, plan, "key")) query.set("keys", "lines");
  if (plan.decimalComma) query.set("decimals", "comma");
  return query;
}

/** The column that a plan takes for this; null: none. */
export const columnOf = (
  { columns }: TablePreview,
  plan: UploadPlan,
  said: "key" | "label" | "group" | "time" | "split",
): PreviewColumn | null => columns.find(({ name }) => knownOf(plan.columns[name]!) === said) ?? null;

/** What would be refused. `column`: null where it is the table. */
export type PlanFault = { column: string | null } & (
  | { kind: "cell"; fault: ColumnFault }
  | { kind: "two-readings"; text: string; readings: [string, string] }
  | { kind: "no-key" }
  | { kind: "no-content" }
);

export function listFaults(preview: TablePreview, plan: UploadPlan): PlanFault[] {
  const roles = Object.values(plan.columns);
  const faults: PlanFault[] = preview.columns.flatMap((column): PlanFault[] => {
    const { name } = column;
    const role = plan.columns[name]!;
    const cells = (column.faults[role] ?? []).filter(
      ({ value }) => role === "key" || !plan.missing.includes(value ?? ""),
    );
    if (plan.asked.includes(name)) return [twoReadings(column)];
    return cells.slice(0, 1).map((fault) => ({ kind: "cell", column: name, fault }));
  });
  if (!roles.includes("key") && !plan.byLine) faults.push({ kind: "no-key", column: null });
  if (!roles.some((role) => role === "feature" || role === "text" || role === "content_hash"))
    faults.push({ kind: "no-content", column: null });
  return faults;
}

function twoReadings({ name, times }: PreviewColumn): PlanFault {
  const at = (format: string) => times.find((one) => one.format === format)!;
  const readings: [string, string] = [at("day-first").at, at("month-first").at];
  return { kind: "two-readings", column: name, text: at("day-first").text, readings };
}

/** What a table comes to. Null: the table has no such column. */
export type PlanCounts = {
  rows: number;
  keys: number | null;
  classes: number | null;
  groups: number | null;
  /** Rows of each split, as the column of splits has them. */
  splits: Record<Split, number> | null;
};

export function countPlan(preview: TablePreview, plan: UploadPlan): PlanCounts {
  const split = columnOf(preview, plan, "split");
  const inSplit = (name: Split) =>
    split?.values.reduce((sum, { text, rows }) => sum + (splitIn(text.trim()) === name ? rows : 0), 0) ?? 0;
  return {
    rows: preview.rows,
    keys: columnOf(preview, plan, "key")?.distinct ?? null,
    classes: columnOf(preview, plan, "label")?.distinct ?? null,
    groups: columnOf(preview, plan, "group")?.distinct ?? null,
    splits: split && (Object.fromEntries(splits.map((name) => [name, inSplit(name)])) as Record<Split, number>),
  };
}

/** More different numbers than these are no classes. */
const CLASSES_MAX = 20;

/** The methods that the columns allow; the first is proposed. */
export function methodsFor(preview: TablePreview, plan: UploadPlan): ManifestMethod[] {
  const label = columnOf(preview, plan, "label");
  const time = columnOf(preview, plan, "time");
  const isStratified =
    label !== null && label.missing === 0 && (label.kind !== "number" || label.distinct <= CLASSES_MAX);
  const hasGroups = columnOf(preview, plan, "group") !== null;
  const found: [ManifestMethod, boolean][] = [
    ["given", columnOf(preview, plan, "split") !== null],
    ["stratified-group", isStratified && hasGroups],
    ["group", hasGroups],
    ["stratified", isStratified],
    ["random", true],
    ["time", time !== null && time.missing === 0],
    ["stratified", label !== null && label.missing === 0 && !isStratified],
    ["stratified-group-k-fold", isStratified && hasGroups],
    ["group-k-fold", hasGroups],
    ["stratified-k-fold", isStratified],
    ["k-fold", true],
  ];
  return [...new Set(found.filter(([, isPossible]) => isPossible).map(([method]) => method))];
}

/** A dataset's name by its file's. */
export const nameOfFile = (file: string): string =>
  file
    .replace(/\.\w+$/, "")
    .replaceAll(/[_\s]+/g, " ")
    .trim()
    .slice(0, 200);

/** The version after those that the dataset has. */
export function nextVersion(taken: { name: string; version: string }[], name: string): string {
  const numbers = taken.filter((one) => one.name === name).map(({ version }) => Number(version));
  return String(Math.max(0, ...numbers.filter(Number.isInteger)) + 1);
}
