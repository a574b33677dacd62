/** What may stand at a place of a filter's text. Pure. */
import {
  type FilterColumn,
  FilterError,
  operators,
  printValue,
  printWord,
  type Token,
  tokensOf,
} from "./filter-language.ts";

export type CompletionColumn = FilterColumn & {
  /** Values that are known. */
  values?: string[];
};
export type Completion = {
  /** What the chosen text takes the place of. */
  start: number;
  end: number;
  options: { text: string; hint: string }[];
};

const OPTIONS_MAX = 50;

/** The candidates for the word at `cursor`, or for the next one where the cursor stands behind a space. */
export function completeFilter(text: string, cursor: number, columns: CompletionColumn[]): Completion {
  const before = text.slice(0, cursor);
  const tokens = readable(before);
  const last = tokens.at(-1);
  const isTyping = last !== undefined && last.end === cursor && (last.kind === "word" || last.kind === "string");
  const typed = isTyping ? last.text : "";
  const done = isTyping ? tokens.slice(0, -1) : tokens;
  const start = isTyping ? last.start : cursor;
  const end = isTyping ? wordEnd(text, start) : cursor;
  return { start, end: Math.max(end, cursor), options: candidates(done, typed, columns) };
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

function candidates(done: Token[], typed: string, columns: CompletionColumn[]): Completion["options"] {
  const last = done.at(-1);
  const before = done.at(-2);
  if (isWord(last, "not") && isWord(before, "is")) return matching(["null"], typed);
  if (!last || last.kind === "(" ? !isList(done) : isJoin(last)) return columnOptions(typed, columns);
  const list = isList(done);
  if (list && (last?.kind === "(" || last?.kind === ",")) return valueOptions(typed, columnOf(done, columns));
  if (last?.kind === "operator")
    return valueOptions(
      typed,
      columns.find(({ name }) => name === before?.text),
    );
  if (isWord(last, "is")) return matching(["null", "not null"], typed);
  if (isWord(last, "in")) return matching(["("], typed);
  const column = columns.find(({ name }) => name === last?.text);
  const isColumn = column && (!before || before.kind === "(" || isJoin(before));
  if (isColumn) return matching(operatorsOf(column), typed);
  return list ? matching([",", ")"], typed) : matching(["and", "or"], typed);
}

const isWord = (token: Token | undefined, word: string): boolean =>
  token?.kind === "word" && token.text.toLowerCase() === word;
const isJoin = (token: Token | undefined): boolean => ["and", "or", "not"].some((word) => isWord(token, word));

/** Whether the values of an `in` are being listed. */
function isList(done: Token[]): boolean {
  const open = done.findLastIndex(({ kind }) => kind === "(");
  return open > 0 && isWord(done[open - 1], "in") && !done.slice(open).some(({ kind }) => kind === ")");
}

function columnOf(done: Token[], columns: CompletionColumn[]): CompletionColumn | undefined {
  const open = done.findLastIndex(({ kind }) => kind === "(");
  return columns.find(({ name }) => name === done[open - 2]?.text);
}

const operatorsOf = ({ type }: CompletionColumn): string[] => {
  if (type === "boolean") return ["=", "!=", "is null", "is not null"];
  const compared = type === "text" ? ["=", "!=", "~", "!~", "in ("] : [...operators, "in ("];
  return [...compared, "is null", "is not null"];
};

function valueOptions(typed: string, column: CompletionColumn | undefined): Completion["options"] {
  const known = column?.values ?? (column?.type === "boolean" ? ["true", "false"] : []);
  // what looks like a number stays text in a column of text
  const print = (value: string) => (column?.type === "text" ? printValue({ type: "text", value }) : printWord(value));
  return matching(known, typed).map(({ text }) => ({ text: print(text), hint: column?.name ?? "" }));
}

function columnOptions(typed: string, columns: CompletionColumn[]): Completion["options"] {
  const names = columns.map(({ name }) => name);
  const typeOf = new Map(columns.map(({ name, type }) => [name, type]));
  const options = matching(names, typed).map(({ text }) => ({ text: printWord(text), hint: typeOf.get(text) ?? "" }));
  return "not".startsWith(typed.toLowerCase()) && typed !== "" ? [...options, { text: "not", hint: "" }] : options;
}

/** Those that contain what was typed: those that begin with it first, then those with a part that does. At most 50. */
function matching(texts: string[], typed: string): Completion["options"] {
  const wanted = typed.toLowerCase();
  const rank = (text: string) => {
    const at = text.toLowerCase().indexOf(wanted);
    return at < 0 ? -1 : at === 0 ? 0 : /[./ _-]/.test(text[at - 1]!) ? 1 : 2;
  };
  return texts
    .map((text) => ({ text, rank: rank(text) }))
    .filter((one) => one.rank >= 0)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, OPTIONS_MAX)
    .map(({ text }) => ({ text, hint: "" }));
}
