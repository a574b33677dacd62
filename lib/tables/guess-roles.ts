/** What each column of a table seems to be, by its name and its values. A person has the last word. Pure. */
import type { ColumnKind } from "../wire/alike/canonical-row.ts";
import { sealedIn, splitIn } from "../wire/alike/sample-cells.ts";
import { type ColumnRole, type KnownColumn, knownColumns, rowNumbers, timeRole } from "../wire/alike/table-columns.ts";
import type { TimeFormat } from "../wire/alike/time-formats.ts";
import type { GuessReason } from "../wire/data/table-preview.ts";
import {
  birthWords,
  groupWords,
  isOfPerson,
  keyWords,
  labelWords,
  placeIn,
  sealedWords,
  splitWords,
  timeWords,
  wordsIn,
} from "./role-words.ts";

/** What was seen of a column. */
export type ColumnSight = {
  name: string;
  kind: ColumnKind;
  rows: number;
  /** Rows that have a value, and different ones among them. */
  present: number;
  distinct: number;
  /** Different values, as many as are looked at. */
  values: string[];
  /** The forms in which all of them are times. */
  times: TimeFormat[];
  /** Whether its integers are those from the least to the greatest, each once. */
  countsRows: boolean;
};
export type Guess = { role: ColumnRole; because: GuessReason };

/** With fewer groups no split keeps them whole: a column of two or three is an arm of a study. */
const GROUPS_MIN = 4;
const NAME_LENGTH_MAX = 200;

/** One role for each column; key, group, label, time, split and sealed at most once. */
export function guessRoles(columns: readonly ColumnSight[]): Guess[] {
  const guessed = new Map<ColumnSight, Guess>();
  const open = () => columns.filter((column) => !guessed.has(column));
  const take = (column: ColumnSight | undefined, role: ColumnRole, because: GuessReason) =>
    column && guessed.set(column, { role, because });
  for (const column of columns) {
    if (rowNumbers.test(column.name)) take(column, "nothing", "row-numbers");
    const said = (["byte_hash", "content_hash", "text"] as const).find((name) => column.name.toLowerCase() === name);
    if (said) take(column, said, "named");
  }
  take(
    named(open(), "split", splitWords, (one) => isAll(one, splitIn)),
    "split",
    "named",
  );
  take(
    named(open(), "sealed", sealedWords, (one) => isAll(one, sealedIn)),
    "sealed",
    "named",
  );
  const key = best(open(), keyScore);
  take(key, "key", key && placeIn(keyWords, key.name) >= 0 ? "named" : "unique");
  const [persons, others] = [
    open().filter(({ name }) => isOfPerson(name)),
    open().filter(({ name }) => !isOfPerson(name)),
  ];
  const group =
    named(others, "group", groupWords, isGrouping) ?? named(persons, "group", ["patient", "subject"], isGrouping);
  take(group, "group", "repeats");
  const time = best(open(), timeScore);
  take(time, timeRole(time?.times[0] ?? "iso"), time && placeIn(timeWords, time.name) >= 0 ? "named" : "times");
  const label = open().find(({ name }) => name === "label") ?? named(open(), "label", labelWords, isTold);
  take(label, "label", "named");
  for (const column of open()) guessed.set(column, restOf(column));
  return columns.map((column) => guessed.get(column)!);
}

const isAll = (column: ColumnSight, read: (text: string) => unknown): boolean =>
  column.values.length > 0 && column.values.every((value) => read(value) != null);

/** The column that is called so; else the one whose name has the likeliest of the words. */
function named(
  columns: ColumnSight[],
  known: KnownColumn,
  words: readonly string[],
  fits: (column: ColumnSight) => boolean,
): ColumnSight | undefined {
  const fitting = columns.filter(fits);
  return fitting.find(({ name }) => name === known) ?? best(fitting, ({ name }) => rank(words, name));
}

/** From above 0, the likelier the greater; 0: the name has none of the words. */
function rank(words: readonly string[], name: string): number {
  const place = placeIn(words, name);
  return place < 0 ? 0 : words.length - place;
}

/** The first with the highest score above 0. */
function best(columns: ColumnSight[], score: (column: ColumnSight) => number): ColumnSight | undefined {
  let [found, highest]: [ColumnSight | undefined, number] = [undefined, 0];
  for (const column of columns) {
    const reached = score(column);
    if (reached > highest) [found, highest] = [column, reached];
  }
  return found;
}

const isUnique = ({ rows, present, distinct }: ColumnSight): boolean => present === rows && distinct === rows;
const isFloat = ({ kind, values }: ColumnSight): boolean =>
  kind === "number" && values.some((value) => !/^-?\d+(\.0+)?$/.test(value.trim()));
const hasId = (name: string): boolean =>
  wordsIn(name).some((word) => ["id", "key", "uid", "uuid", "guid"].includes(word));

/** Of a key that some rows lack or share, which is a fault of the file to be shown. */
const KEYED_SHARE_MIN = 0.9;

/** Of a column that could name the rows: how likely it is meant to. */
function keyScore(column: ColumnSight): number {
  const { name, kind, values, rows, distinct } = column;
  if (isFloat(column) || kind === "boolean") return 0;
  if (values.some((value) => value.length > NAME_LENGTH_MAX)) return 0;
  if (!isUnique(column))
    return distinct >= KEYED_SHARE_MIN * rows && placeIn(keyWords, name) >= 0 ? (hasId(name) ? 45 : 40) : 0;
  if (name === "key") return 200;
  if (name.toLowerCase() === "id") return 150;
  const isGroup = placeIn(groupWords, name) >= 0;
  if (placeIn(keyWords, name) >= 0) return (isGroup ? 60 : 100) + (hasId(name) ? 20 : 0);
  if (isGroup) return 50;
  if (kind === "number" || column.times.length > 0 || placeIn(labelWords, name) >= 0) return 0;
  if (isOfPerson(name)) return wordsIn(name).join("") === "name" ? 20 : 0;
  return values.every((value) => /^\S+$/.test(value.trim())) ? 30 : 0;
}

const isGrouping = (column: ColumnSight): boolean => column.distinct >= GROUPS_MIN && !isFloat(column);
/** Something can be told of a column that has two values, and isn't another for each row unless it is a number. */
const isTold = (column: ColumnSight): boolean =>
  column.distinct >= 2 && (column.kind === "number" || column.distinct < Math.max(3, column.present * 0.9));

function timeScore(column: ColumnSight): number {
  const { name, kind, times } = column;
  if (times.length === 0 || placeIn(birthWords, name) >= 0) return 0;
  if (name === "time") return 1000;
  const place = rank(timeWords, name);
  if (place > 0) return 100 + place;
  return kind === "number" ? 0 : 1;
}

/** A feature, unless it says who or which row it is: that hides copies, and a model learns it by heart. */
function restOf(column: ColumnSight): Guess {
  const { name, countsRows } = column;
  if (isOfPerson(name)) return { role: "nothing", because: "person" };
  if (countsRows) return { role: "nothing", because: "counts-rows" };
  if (isUnique(column) && !isFloat(column) && (hasId(name) || placeIn(keyWords, name) >= 0))
    return { role: "nothing", because: "identifier" };
  const isKnown = (knownColumns as readonly string[]).includes(name);
  return { role: "feature", because: isKnown ? "named" : "rest" };
}
