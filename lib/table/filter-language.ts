/** The filter of the runs table, as text and as a tree: `config.lr > 0.01 and (tags = baseline or not name ~ "^cnn")`. Pure. */

export type FilterValue =
  | { type: "number"; value: number }
  | { type: "text"; value: string }
  | { type: "boolean"; value: boolean }
  | { type: "date"; value: string };
export const operators = ["=", "!=", ">=", "<=", ">", "<"] as const;
export type Operator = (typeof operators)[number];
export type Filter =
  | { kind: "and" | "or"; parts: Filter[] }
  | { kind: "not"; part: Filter }
  | { kind: "compare"; column: string; op: Operator; value: FilterValue }
  | { kind: "in"; column: string; values: FilterValue[] }
  | { kind: "null"; column: string; negated: boolean }
  | { kind: "digest"; column: string; sha256: string }
  | { kind: "match"; column: string; pattern: string; negated: boolean }
  | { kind: "words"; words: string[] };

export class FilterError extends Error {
  override name = "FilterError";
  constructor(
    message: string,
    /** What of the text is wrong: from `start` to before `end`. */
    readonly start: number,
    readonly end: number,
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

const pattern = /\s+|!=|>=|<=|!~|[=<>~(),]|(?:[^\s"=<>~(),!]|!(?![=~])|"(?:[^"\\]|\\.)*")+/gsy;

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
    else if (/^([=<>~]|!=|>=|<=|!~)$/.test(found)) tokens.push({ kind: "operator", text: found, start, end });
    else if (!found.includes('"')) tokens.push({ kind: "word", text: found, start, end });
    else tokens.push({ kind: "string", text: found.replace(/"(?:[^"\\]|\\.)*"/gs, unquoted), start, end });
  }
  return tokens;
}

const unquoted = (text: string): string => text.slice(1, -1).replace(/\\(.)/gs, "$1");
const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;

/** A column that a filter may name, with what its values are. */
export type FilterColumn = { name: string; type: "number" | "text" | "boolean" | "date" | "mixed" };

/**
 * The tree of a filter. Words without any operator are looked for in names. With `columns`, a column that is none of
 * them is an error, which names the nearest. Throws a `FilterError`.
 */
export function parseFilter(text: string, columns?: FilterColumn[]): Filter {
  const tokens = tokensOf(text);
  if (tokens.length === 0) return { kind: "words", words: [] };
  if (tokens.every(({ kind }) => kind === "word" || kind === "string") && !tokens.some(isKeyword))
    return { kind: "words", words: tokens.map((token) => token.text) };
  return new Parser(tokens, text.length, columns).whole();
}

const isWord = (token: Token | undefined, word: string): boolean =>
  token?.kind === "word" && token.text.toLowerCase() === word;
const isKeyword = (token: Token): boolean => ["and", "or", "not", "in", "is"].some((word) => isWord(token, word));

/** How deep `not` and parentheses may stand in each other: far fewer than what the stack holds. */
const DEPTH_MAX = 200;

class Parser {
  #at = 0;
  #depth = 0;
  readonly #tokens: Token[];
  readonly #length: number;
  readonly #columns: FilterColumn[] | undefined;

  constructor(tokens: Token[], length: number, columns: FilterColumn[] | undefined) {
    this.#tokens = tokens;
    this.#length = length;
    this.#columns = columns;
  }

  whole(): Filter {
    const filter = this.#or();
    if (this.#next()) throw this.#wrong("expected and, or, or the end");
    return filter;
  }

  #next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #wrong(expected: string): FilterError {
    const token = this.#next();
    if (!token) return new FilterError(`${expected}, and the filter ends`, this.#length, this.#length);
    return new FilterError(`${expected}, not ${JSON.stringify(token.text)}`, token.start, token.end);
  }

  #take(word: string): boolean {
    if (!isWord(this.#next(), word)) return false;
    this.#at++;
    return true;
  }

  #or(): Filter {
    return this.#list("or", () => this.#list("and", () => this.#not()));
  }

  #list(word: "and" | "or", part: () => Filter): Filter {
    const parts = [part()];
    while (this.#take(word)) parts.push(part());
    return parts.length === 1 ? parts[0]! : { kind: word, parts };
  }

  #not(): Filter {
    const token = this.#next();
    if (token?.kind !== "(" && !isWord(token, "not")) return this.#comparison();
    if (++this.#depth > DEPTH_MAX) throw this.#wrong(`expected at most ${DEPTH_MAX} levels of not and parentheses`);
    this.#at++;
    const filter = token?.kind === "(" ? this.#parenthesis() : { kind: "not" as const, part: this.#not() };
    this.#depth--;
    return filter;
  }

  #parenthesis(): Filter {
    const filter = this.#or();
    if (this.#next()?.kind !== ")") throw this.#wrong("expected ) to close the parenthesis");
    this.#at++;
    return filter;
  }

  #comparison(): Filter {
    const column = this.#column();
    if (this.#take("in")) return { kind: "in", column, values: this.#values() };
    if (this.#take("is")) {
      if (this.#take("sha256")) return { kind: "digest", column, sha256: this.#digest() };
      const negated = this.#take("not");
      if (!this.#take("null")) throw this.#wrong("expected null, not null or sha256 after is");
      return { kind: "null", column, negated };
    }
    const token = this.#next();
    if (token?.kind !== "operator") throw this.#wrong(`expected =, !=, <, <=, >, >=, ~, !~, in or is after ${column}`);
    this.#at++;
    if (token.text !== "~" && token.text !== "!~")
      return { kind: "compare", column, op: token.text as Operator, value: this.#value() };
    const right = this.#next();
    if (right?.kind !== "word" && right?.kind !== "string")
      throw this.#wrong("expected a regular expression in quotes");
    this.#at++;
    return { kind: "match", column, pattern: right.text, negated: token.text === "!~" };
  }

  /** Of a text too long for an address. */
  #digest(): string {
    const token = this.#next();
    if (!token || !/^[0-9a-f]{64}$/.test(token.text)) throw this.#wrong("expected 64 hexadecimal digits (SHA-256)");
    this.#at++;
    return token.text;
  }

  #column(): string {
    const token = this.#next();
    if (token?.kind !== "word" && token?.kind !== "string") throw this.#wrong("expected a column");
    this.#at++;
    const known = this.#columns;
    if (known && !known.some(({ name }) => name === token.text)) {
      const near = nearest(
        token.text,
        known.map(({ name }) => name),
      );
      const hint = near ? `; did you mean ${near}?` : "";
      throw new FilterError(`there is no column ${JSON.stringify(token.text)}${hint}`, token.start, token.end);
    }
    return token.text;
  }

  #values(): FilterValue[] {
    if (this.#next()?.kind !== "(") throw this.#wrong("expected ( and the values after in");
    this.#at++;
    const values = [this.#value()];
    while (this.#next()?.kind === ",") {
      this.#at++;
      values.push(this.#value());
    }
    if (this.#next()?.kind !== ")") throw this.#wrong("expected , or ) after a value");
    this.#at++;
    return values;
  }

  #value(): FilterValue {
    const token = this.#next();
    if (token?.kind === "string") {
      this.#at++;
      return { type: "text", value: token.text };
    }
    if (token?.kind !== "word" || isKeyword(token)) throw this.#wrong("expected a value");
    this.#at++;
    return bareValue(token.text);
  }
}

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const date = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;

function bareValue(text: string): FilterValue {
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

/** The text that `parseFilter` reads as this tree. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case "words":
      return filter.words.map((word) => printWord(word)).join(" ");
    case "and":
    case "or":
      return filter.parts.map((part) => printPart(part, filter.kind)).join(` ${filter.kind} `);
    case "not":
      return `not ${printPart(filter.part, "not")}`;
    case "in":
      return `${printColumn(filter.column)} in (${filter.values.map(printValue).join(", ")})`;
    case "null":
      return `${printColumn(filter.column)} is ${filter.negated ? "not " : ""}null`;
    case "digest":
      return `${printColumn(filter.column)} is sha256 ${filter.sha256}`;
    case "match":
      return `${printColumn(filter.column)} ${filter.negated ? "!~" : "~"} ${quoted(filter.pattern)}`;
    default:
      return `${printColumn(filter.column)} ${filter.op} ${printValue(filter.value)}`;
  }
}

function printPart(filter: Filter, within: "and" | "or" | "not"): string {
  const needs = filter.kind === "or" || (filter.kind === "and" && within !== "or");
  return needs ? `(${printFilter(filter)})` : printFilter(filter);
}

const plain = /^[^\s"=<>~(),!]+$/;
const reserved = /^(and|or|not|in|is|null)$/i;
/** In quotes only where it wouldn't be read as one word: for columns, and values whose type the text shall decide. */
export const printWord = (word: string): string => (plain.test(word) && !reserved.test(word) ? word : quoted(word));
const printColumn = printWord;

export function printValue(value: FilterValue): string {
  if (value.type !== "text") return String(value.value);
  return plain.test(value.value) && !reserved.test(value.value) && bareValue(value.value).type === "text"
    ? value.value
    : quoted(value.value);
}

/** The parts that must all hold, each with its text: what a filter shows as chips. */
export function chipsOf(filter: Filter): { filter: Filter; text: string }[] {
  if (filter.kind === "words") return filter.words.map((word) => chip({ kind: "words", words: [word] }));
  return (filter.kind === "and" ? filter.parts : [filter]).map(chip);
}

const chip = (filter: Filter) => ({ filter, text: printFilter(filter) });

/** The filter of chips. */
export function joinChips(filters: Filter[]): Filter {
  const words = filters.flatMap((filter) => (filter.kind === "words" ? filter.words : []));
  const others = filters.filter(({ kind }) => kind !== "words");
  if (others.length === 0) return { kind: "words", words };
  // a name search beside comparisons is a comparison of the name
  const named = words.map(
    (word): Filter => ({ kind: "match", column: "name", pattern: escapePattern(word), negated: false }),
  );
  const parts = [...others, ...named];
  return parts.length === 1 ? parts[0]! : { kind: "and", parts };
}

const escapePattern = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The candidate with the least edits from `text`, where they are few; null else. */
export function nearest(text: string, candidates: string[]): string | null {
  let best: { name: string; distance: number } | null = null;
  for (const name of candidates) {
    const distance = name.endsWith(text) || name.startsWith(text) ? 1 : edits(text.toLowerCase(), name.toLowerCase());
    if (distance <= Math.max(2, text.length / 3) && (!best || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? null;
}

/** Levenshtein's distance. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let left = 1; left <= from.length; left++) {
    const next = [left];
    for (let right = 1; right <= to.length; right++) {
      const replaced = row[right - 1]! + (from[left - 1] === to[right - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[right]! + 1, next[right - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
