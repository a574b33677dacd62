/** What may stand at a place of a filter's text. Pure. */
import { readColumnName, shownName } from "./column-name.ts";
import type { FilterColumn, FilterNames } from "./filter-names.ts";
import {
  FilterError,
  isName,
  isValueFirst,
  isWord,
  isWordSign,
  joins,
  printName,
  printValue,
  printWord,
  type Token,
  textOf,
  tokensOf,
} from "./filter-tokens.ts";
import { operators } from "./filter-tree.ts";

export type Completion = {
  /** What the chosen text takes the place of. */
  start: number;
  end: number;
  options: { text: string; hint: string }[];
};

const OPTIONS_MAX = 50;

/** The candidates for the words at `cursor`, or for the next one where the cursor stands behind a space. */
export function completeFilter(text: string, cursor: number, names: FilterNames): Completion {
  const tokens = readable(text.slice(0, cursor));
  const last = tokens.at(-1);
  const isTyping = last !== undefined && last.end === cursor && isName(last);
  const typed = isTyping ? last.text : "";
  const place = placeBehind(isTyping ? tokens.slice(0, -1) : tokens, names);
  const { options, isRun } = candidates(place, typed, names);
  const start = isRun ? (place.run[0]?.start ?? cursor) : isTyping ? last.start : cursor;
  const end = isTyping ? wordEnd(text, last.start) : cursor;
  return { start: Math.min(start, cursor), end: Math.max(end, cursor), options };
}

/** Where the word that begins at `start` ends; with a quote that isn't closed it goes to the next space. */
function wordEnd(text: string, start: number): number {
  const word = readable(text).find((token) => token.start === start);
  const isCut = word?.end === text.length && openQuote(text) !== null;
  return word && !isCut ? word.end : start + (/^[^\s=<>~(),!]*/.exec(text.slice(start))?.[0].length ?? 0);
}

/** Where the quote stands that isn't closed; null where all are. */
function openQuote(text: string): number | null {
  try {
    tokensOf(text);
    return null;
  } catch (error) {
    if (error instanceof FilterError) return error.start;
    throw error;
  }
}

/** The tokens; a quote that isn't closed goes to the end, and with the word that it stands in. */
function readable(text: string): Token[] {
  const open = openQuote(text);
  if (open === null) return tokensOf(text);
  const tokens = tokensOf(text.slice(0, open));
  const last = tokens.at(-1);
  const within = text.slice(open + 1).replace(/\\(.)/gs, "$1");
  if (last?.end !== open || (last.kind !== "word" && last.kind !== "string"))
    return [...tokens, { kind: "string", text: within, start: open, end: text.length }];
  return [...tokens.slice(0, -1), { kind: "string", text: last.text + within, start: last.start, end: text.length }];
}

/** What is expected behind some tokens. */
type Place = {
  expects: "name" | "join" | "value" | "list" | "in list" | "in" | "is" | "is not";
  /** The words of a name that isn't ended. */
  run: Token[];
  /** The one whose value is expected. */
  column: FilterColumn | undefined;
};

function placeBehind(tokens: Token[], names: FilterNames): Place {
  let place: Place = { expects: "name", run: [], column: undefined };
  for (const token of tokens) place = placeAfter(place, token, names);
  return place;
}

function placeAfter({ expects, run, column }: Place, token: Token, names: FilterNames): Place {
  const to = (next: Place["expects"], more: Partial<Place> = {}): Place => ({
    expects: next,
    run: [],
    column,
    ...more,
  });
  if (expects === "in") return to(token.kind === "(" ? "list" : "name");
  if (expects === "list" || expects === "in list")
    return to(token.kind === ")" ? "join" : token.kind === "," ? "list" : "in list");
  if (isWord(token, ...joins.and, ...joins.or)) return to("name");
  if (expects === "is" && isWord(token, "not")) return to("is not");
  if (isWord(token, "not") || token.kind === "(" || token.kind === ",") return to("name");
  if (token.kind === ")") return to("join");
  if (token.kind === "operator" && run.length === 1 && isValueFirst(run[0]!.text)) return to("name");
  if (token.kind === "operator" || (run.length > 0 && isWordSign(token)))
    return to("value", { column: called(run, column, names) });
  if (run.length > 0 && isWord(token, "in")) return to("in", { column: called(run, column, names) });
  if (run.length > 0 && isWord(token, "is")) return to("is", { column: called(run, column, names) });
  if (expects === "value" || expects === "is" || expects === "is not") return to("join");
  return to("name", { run: [...run, token] });
}

/** The column that the words call; in a chain such as `1 < lr <` it is the one before. */
function called(run: Token[], before: FilterColumn | undefined, names: FilterNames): FilterColumn | undefined {
  if (run.length === 0) return before;
  const found = names.find(textOf(run));
  return found.kind === "one" ? names.columnOf(found.column) : undefined;
}

type Candidates = {
  options: Completion["options"] /** Whether they take the place of the whole name. */;
  isRun: boolean;
};

function candidates({ expects, run, column }: Place, typed: string, names: FilterNames): Candidates {
  const here = (options: Completion["options"]): Candidates => ({ options, isRun: false });
  if (expects === "in") return here(matching(["("], typed));
  if (expects === "is") return here(matching(["null", "not null"], typed));
  if (expects === "is not") return here(matching(["null"], typed));
  if (expects === "in list") return here(matching([",", ")"], typed));
  if (expects === "value" || expects === "list") return here(valueOptions(typed, column));
  if (expects === "join")
    return here([...matching(["and", "or"], typed), ...(typed === "" ? [] : columnOptions([typed], names))]);
  const own = run.length > 0 ? called(run, undefined, names) : undefined;
  const options = own && typed === "" ? [] : columnOptions([...run.map(({ text }) => text), typed], names);
  if (options.length > 0 || !own) return { options, isRun: run.length > 0 };
  return here(matching(operatorsOf(own), typed));
}

const operatorsOf = ({ type }: FilterColumn): string[] => {
  if (type === "boolean") return ["=", "!=", "is null", "is not null"];
  const compared = type === "text" ? ["=", "!=", "~", "!~", "in ("] : [...operators, "in ("];
  return [...compared, "is null", "is not null"];
};

function valueOptions(typed: string, column: FilterColumn | undefined): Completion["options"] {
  const known = column?.values ?? (column?.type === "boolean" ? ["true", "false"] : []);
  // what looks like a number stays text in a column of text
  const print = (value: string) => (column?.type === "text" ? printValue({ type: "text", value }) : printWord(value));
  return matching(known, typed).map(({ text }) => ({ text: print(text), hint: column?.name ?? "" }));
}

/** Columns in whose name each word stands, by what a person calls them, with the full name or the type beside it. */
function columnOptions(words: string[], names: FilterNames): Completion["options"] {
  const wanted = words.map((word) => word.toLowerCase()).filter((word) => word !== "");
  const exact = names.find(words.join(" ").trim());
  const ranked = names.columns
    .map((column) => ({ column, rank: column.name === columnOf(exact) ? 0 : rankOf(column, wanted, names) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, OPTIONS_MAX);
  const options = ranked.map(({ column: { name, type } }) => {
    const label = names.labelOf(name);
    return { text: printName(label), hint: label === shownName(name) ? type : shownName(name) };
  });
  const [only] = wanted;
  return only !== undefined && wanted.length === 1 && "not".startsWith(only)
    ? [...options, { text: "not", hint: "" }]
    : options;
}

const columnOf = (found: ReturnType<FilterNames["find"]>): string | null =>
  found.kind === "one" ? found.column : null;

/** The least over a column's names of how far from its beginning the first word stands; below 0 where a word is missing. */
function rankOf({ name }: FilterColumn, wanted: string[], names: FilterNames): number {
  if (wanted.length === 0) return readColumnName(name)?.kind === "metric" ? 1 : 0;
  const ranks = [names.labelOf(name), shownName(name)].map((text) => {
    const low = text.toLowerCase();
    return wanted.every((word) => low.includes(word)) ? rankIn(low, wanted[0]!) : -1;
  });
  const found = ranks.filter((rank) => rank >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

function rankIn(text: string, word: string): number {
  const at = text.indexOf(word);
  return at < 0 ? -1 : at === 0 ? 0 : /[./ _-]/.test(text[at - 1]!) ? 1 : 2;
}

/** Those that contain what was typed: those that begin with it first, then those with a part that does. At most 50. */
function matching(texts: string[], typed: string): Completion["options"] {
  const wanted = typed.toLowerCase();
  return texts
    .map((text) => ({ text, rank: rankIn(text.toLowerCase(), wanted) }))
    .filter((one) => one.rank >= 0)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, OPTIONS_MAX)
    .map(({ text }) => ({ text, hint: "" }));
}
