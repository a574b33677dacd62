/** The words, signs and values of a filter's text. Pure. */
import type { FilterValue } from "./filter-tree.ts";

/** The whole filter with one thing mended, and that thing as a person reads it. */
export type FilterFix = { label: string; text: string };

export class FilterError extends Error {
  override name = "FilterError";
  constructor(
    message: string,
    /** What of the text is wrong: from `start` to before `end`. */
    readonly start: number,
    readonly end: number,
    /** What may have been meant, the likeliest first. */
    readonly fixes: FilterFix[] = [],
  ) {
    super(message);
  }
}

export type Token = {
  kind: "word" | "string" | "operator" | "(" | ")" | ",";
  /** Without quotes. A word of which a part is quoted, such as config."a b", is a string. */
  text: string;
  start: number;
  end: number;
};

const pattern = /\s+|!=|>=|<=|<>|==|!~|[=<>~(),]|(?:[^\s"=<>~(),!]|!(?![=~])|"(?:[^"\\]|\\.)*")+/gsy;
/** Signs of other languages, by the sign that they are here. */
const signOf: Record<string, string> = { "==": "=", "<>": "!=" };

/** Throws a `FilterError` at a quote that isn't closed. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  for (let start = 0; start < text.length; start = pattern.lastIndex) {
    const found = pattern.exec(text)?.[0];
    if (found === undefined) throw new FilterError("this quote isn't closed", start, text.length);
    const end = start + found.length;
    if (/^\s/.test(found)) continue;
    if (found === "(" || found === ")" || found === ",") tokens.push({ kind: found, text: found, start, end });
    else if (/^([=<>~]|[!><=]=|<>|!~)$/.test(found))
      tokens.push({ kind: "operator", text: signOf[found] ?? found, start, end });
    else if (!found.includes('"')) tokens.push({ kind: "word", text: found, start, end });
    else tokens.push({ kind: "string", text: found.replace(/"(?:[^"\\]|\\.)*"/gs, unquoted), start, end });
  }
  return tokens;
}

const unquoted = (text: string): string => text.slice(1, -1).replace(/\\(.)/gs, "$1");
export const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;

export const isWord = (token: Token | undefined, ...words: string[]): boolean =>
  token?.kind === "word" && words.includes(token.text.toLowerCase());
export const isName = (token: Token | undefined): token is Token => token?.kind === "word" || token?.kind === "string";

export const textOf = (tokens: Token[]): string => tokens.map(({ text }) => text).join(" ");

/** Words that join or turn conditions, as several languages write them. */
export const joins = { and: ["and", "&&"], or: ["or", "||"] } as const;
export const isKeyword = (token: Token | undefined): boolean =>
  isWord(token, "not", "in", "is", ...joins.and, ...joins.or);
/** Signs that are words: they are so behind a name alone. */
export const isWordSign = (token: Token | undefined): boolean => isWord(token, "contains", "between");

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const date = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** The value that a word without quotes is. */
export function bareValue(text: string): FilterValue {
  if (number.test(text) && Number.isFinite(Number(text))) return { type: "number", value: Number(text) };
  if (text === "true" || text === "false") return { type: "boolean", value: text === "true" };
  if (date.test(text) && isDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text)))
    return { type: "date", value: text };
  return { type: "text", value: text };
}

/** Whether a day such as 2026-11-01 exists: `Date` takes 2026-02-30 for the 2nd of March. */
function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}

const unitMs = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `-1d` and `2h` in milliseconds, the first below zero; null for anything else. */
export function readSpan(text: string): number | null {
  const [, sign, count, unit] = /^(-?)(\d+(?:\.\d+)?)(s|m|min|h|d|w)$/.exec(text) ?? [];
  if (unit === undefined) return null;
  const ms = Number(count) * unitMs[unit as keyof typeof unitMs];
  return sign ? -ms : ms;
}

const plain = /^[^\s"=<>~(),!]+$/;
const reserved = /^(and|or|not|in|is|null|none|uncited|contains|between|&&|\|\|)$/i;
const isPlain = (word: string): boolean => plain.test(word) && !reserved.test(word);

/** In quotes only where it wouldn't be read as one word. */
export const printWord = (word: string): string => (isPlain(word) ? word : quoted(word));

/** A column's full name before a sign. */
export const printFullName = (name: string): string => (isPlain(name) && !isValueFirst(name) ? name : quoted(name));

/** A name of one word or more, as people write it before a sign. */
export function printName(name: string): string {
  const words = name.split(" ");
  return words.every((word) => isPlain(word)) && !isValueFirst(words[0]!) ? name : quoted(name);
}

/** Whether a word before a sign is a value, as in `1e-4 < lr`. */
export const isValueFirst = (text: string): boolean => bareValue(text).type !== "text" || readSpan(text) !== null;

export function printValue(value: FilterValue): string {
  if (value.type !== "text") return String(value.value);
  return isPlain(value.value) && bareValue(value.value).type === "text" ? value.value : quoted(value.value);
}
