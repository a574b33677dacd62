/** Filters as text, whole and in the parts that a page shows as chips. Pure. */
import { shownName } from "./column-name.ts";
import { printFullName, printName, printValue, printWord, quoted } from "./filter-tokens.ts";
import type { Filter } from "./filter-tree.ts";

/** How a column is called. */
export type NameOf = (column: string) => string;

/** The text that `parseFilter` reads as this tree; with `nameOf`, columns go by other names than their full ones. */
export function printFilter(filter: Filter, nameOf?: NameOf): string {
  if (filter.kind === "words") return filter.words.map(printSearched).join(" ");
  return printCondition(filter, nameOf);
}

/** A number in a search stands in quotes: bare, it looks like the value of a condition. */
const printSearched = (word: string): string => (/^[\d.+-]/.test(word) ? quoted(word) : printWord(word));

function printCondition(filter: Filter, nameOf: NameOf | undefined): string {
  const named = (column: string) => (nameOf ? printName(nameOf(column)) : printFullName(column));
  switch (filter.kind) {
    case "words":
      return filter.words.map((word) => `name contains ${printWord(word)}`).join(" and ");
    case "and":
    case "or":
      return filter.parts.map((part) => printPart(part, filter.kind, nameOf)).join(` ${filter.kind} `);
    case "not":
      return `not ${printPart(filter.part, "not", nameOf)}`;
    case "in":
      return `${named(filter.column)} in (${filter.values.map(printValue).join(", ")})`;
    case "null":
      return `${named(filter.column)} is ${filter.negated ? "not " : ""}null`;
    case "digest":
      return `${named(filter.column)} is sha256 ${filter.sha256}`;
    case "match":
      return `${named(filter.column)} ${filter.negated ? "!~" : "~"} ${quoted(filter.pattern)}`;
    default:
      return `${named(filter.column)} ${filter.op} ${printValue(filter.value)}`;
  }
}

function printPart(filter: Filter, within: "and" | "or" | "not", nameOf: NameOf | undefined): string {
  const isAnd = filter.kind === "and" || (filter.kind === "words" && filter.words.length > 1);
  const needs = filter.kind === "or" || (isAnd && within !== "or");
  return needs ? `(${printCondition(filter, nameOf)})` : printCondition(filter, nameOf);
}

export type FilterChip = {
  filter: Filter;
  /** Name, sign and value, which a filter reads as this part. */
  text: string;
  /** The same with the full name. */
  title: string;
};

/** The parts that must all hold. */
export function chipsOf(filter: Filter, nameOf: NameOf = shownName): FilterChip[] {
  if (filter.kind === "words") return filter.words.map((word) => chip({ kind: "words", words: [word] }, nameOf));
  return (filter.kind === "and" ? filter.parts : [filter]).map((part) => chip(part, nameOf));
}

const chip = (filter: Filter, nameOf: NameOf | undefined): FilterChip => ({
  filter,
  text: printCondition(filter, nameOf),
  title: printCondition(filter, shownName),
});

/** The filter of chips. */
export function joinChips(filters: Filter[]): Filter {
  const words = filters.flatMap((filter) => (filter.kind === "words" ? filter.words : []));
  const others = filters.filter(({ kind }) => kind !== "words");
  if (others.length === 0) return { kind: "words", words };
  const parts = [...others, ...words.map((word): Filter => ({ kind: "words", words: [word] }))];
  return parts.length === 1 ? parts[0]! : { kind: "and", parts };
}
