/** What a manifest's labels are: classes, or numbers, which are compared by their quintiles. Sealed labels aren't among them. */
import type { TransactionSql } from "postgres";
import { type Split, splits } from "../../wire/base/words.ts";
import { rangeWords } from "../../words/check-words.ts";

/** Samples of a manifest by split and class; of numbers by the quintile in which they lie. */
export type Balance = { labels: string[] /** `[split][label]` */; counts: Record<Split, number[]> };
export type Classes = {
  /** `many`: more than 1,000 different labels that aren't numbers. */
  kind: "classes" | "numbers" | "many" | "none";
  /** Null where there is nothing to compare. */
  balance: Balance | null;
  /** How `classIn` names each of the balance's labels. */
  names: string[];
  /** Of numbers: where a bin ends and the next begins, ascending. */
  edges: number[];
};

const CLASSES_MAX = 1000;
/** So few different labels are classes, numbers or not: grades, ages in decades. */
const GRADES_MAX = 20;
/** Whole numbers that repeat as often as this are classes, on average. */
const SAMPLES_A_CLASS = 20;
/** PostgreSQL's, for texts that it can take for a double. */
const PLAIN_NUMBER = "^[+-]?([0-9]{1,40}[.]?[0-9]{0,40}|[.][0-9]{1,40})([eE][+-]?[0-9]{1,2})?$";
const plainNumber = new RegExp(PLAIN_NUMBER);

/** Reads what the labels are, and counts them by split. */
export async function readClasses(tx: TransactionSql, number: number): Promise<Classes> {
  const rows = await countLabels(tx, number, []);
  const labels = [...new Set(rows.map(({ name }) => name))].sort(byNumberOrName);
  const none = { balance: null, names: [], edges: [] };
  if (labels.length === 0) return { ...none, kind: "none" };
  const samples = rows.reduce((sum, { n }) => sum + n, 0);
  const isMany = labels.length > CLASSES_MAX;
  const isNumbers = isMany
    ? await areNumbers(tx, number)
    : labels.every((label) => plainNumber.test(label)) &&
      ((await isBinned(tx, number)) || lookLikeNumbers(labels.map(Number), samples));
  if (!isNumbers)
    return isMany
      ? { ...none, kind: "many" }
      : { kind: "classes", balance: balanceOf(labels, labels, rows), names: labels, edges: [] };
  const edges = await readEdges(tx, number);
  const binned = await countLabels(tx, number, edges);
  const names = Array.from({ length: edges.length + 1 }, (_, bin) => String(bin));
  const used = names.filter((name) => binned.some((row) => row.name === name));
  const shown = used.map((name) => binWords(edges, Number(name)));
  return { kind: "numbers", balance: balanceOf(shown, used, binned), names: used, edges };
}

/** The class of a row of `manifest_samples`, in SQL: its label, or the number of its bin. */
export const classIn = (tx: TransactionSql, edges: number[]) =>
  edges.length === 0 ? tx`label` : tx`width_bucket(label::float8, ${edges}::float8[])::text`;

type Counted = { split: Split; name: string; n: number };

const countLabels = (tx: TransactionSql, number: number, edges: number[]) => tx<Counted[]>`
  select split, ${classIn(tx, edges)} as name, count(*)::int as n from manifest_samples
  where manifest_number = ${number} and label is not null group by 1, 2
  limit ${splits.length * CLASSES_MAX + 1}`;

function balanceOf(labels: string[], names: string[], rows: Counted[]): Balance {
  const place = new Map(names.map((name, index) => [name, index]));
  const empty = () => labels.map(() => 0);
  const counts = { train: empty(), validation: empty(), test: empty() };
  for (const { split, name, n } of rows) counts[split][place.get(name)!] = n;
  return { labels, counts };
}

/** Whether a project had them shared out by quantile bins: then they are numbers, as somebody said. */
async function isBinned(tx: TransactionSql, number: number): Promise<boolean> {
  const [row] = await tx<{ binned: boolean }[]>`
    select exists (select from manifest_registrations r join manifests m on m.id = r.manifest_id
      where m.number = ${number} and r.header->'options'->>'quantileBins' is not null) as binned`;
  return row!.binned;
}

/** Numbers that hardly repeat, or no name of a class has. What counts from 0 or 1 without a gap are the numbers of classes. */
function lookLikeNumbers(values: number[], samples: number): boolean {
  if (values.length <= GRADES_MAX) return false;
  if (values.some((value) => value < 0 || !Number.isInteger(value))) return true;
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const isCounted = (lowest === 0 || lowest === 1) && highest - lowest + 1 === values.length;
  return !isCounted && samples / values.length < SAMPLES_A_CLASS;
}

async function areNumbers(tx: TransactionSql, number: number): Promise<boolean> {
  const [row] = await tx<{ numbers: boolean }[]>`
    select bool_and(label ~ ${PLAIN_NUMBER}) as numbers from manifest_samples
    where manifest_number = ${number} and label is not null`;
  return row!.numbers;
}

async function readEdges(tx: TransactionSql, number: number): Promise<number[]> {
  const [row] = await tx<{ edges: number[] }[]>`
    select percentile_disc(array[.2, .4, .6, .8]) within group (order by label::float8) as edges
    from manifest_samples where manifest_number = ${number} and label is not null`;
  return [...new Set(row!.edges)];
}

/** A bin in words. */
const binWords = (edges: number[], bin: number): string => rangeWords(edges[bin - 1] ?? null, edges[bin] ?? null);

const byNumberOrName = (a: string, b: string): number =>
  Number.isFinite(Number(a)) && Number.isFinite(Number(b)) ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0;
