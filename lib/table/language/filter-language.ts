/** Reads the filter of the runs table: `config.lr > 0.01 and (tags = baseline or not name ~ "^cnn")`. Pure. */
import { readColumnName, shownName } from "./column-name.ts";
import { flipped, meantBy } from "./filter-meaning.ts";
import type { FilterNames } from "./filter-names.ts";
import {
  bareValue,
  FilterError,
  type FilterFix,
  isKeyword,
  isName,
  isValueFirst,
  isWord,
  isWordSign,
  joins,
  printName,
  quoted,
  type Token,
  textOf,
  tokensOf,
} from "./filter-tokens.ts";
import type { Filter, FilterValue, Operator } from "./filter-tree.ts";

/** What stands in a filter, and what it was taken for. */
export type Taken = { from: string; to: string };

/**
 * The tree of a filter with columns by their full names, as an address and a program have it. Words without any sign are
 * looked for in names. Throws a `FilterError`.
 */
export const parseFilter = (text: string): Filter => read(text, null).filter;

/**
 * The tree of a filter as a person writes it: columns go by any name that is theirs alone. A name that isn't known, or
 * is that of several columns, is an error, which says what may have been meant. Throws a `FilterError`.
 */
export const readFilter = (text: string, names: FilterNames): { filter: Filter; taken: Taken[] } => read(text, names);

function read(text: string, names: FilterNames | null): { filter: Filter; taken: Taken[] } {
  const tokens = tokensOf(text);
  if (isSearch(tokens, names))
    return { filter: { kind: "words", words: tokens.map((token) => token.text) }, taken: [] };
  const parser = new Parser(tokens, text, names);
  return { filter: parser.whole(), taken: parser.taken };
}

/** Whether the words are looked for in names: no sign stands among them, nor what looks as if one were missing. */
function isSearch(tokens: Token[], names: FilterNames | null): boolean {
  if (tokens.some((token) => !isName(token) || isKeyword(token))) return false;
  const isColumn = (text: string) => (names ? names.find(text).kind !== "none" : readColumnName(text) !== null);
  if (tokens.some((token, at) => at > 0 && isWordSign(token) && isColumn(tokens[at - 1]!.text))) return false;
  if (!names) return true;
  if (tokens.length === 1 && isWord(tokens[0], "uncited")) return false;
  return !tokens.some(({ kind, text }, at) => {
    if (kind !== "word" || at === 0 || bareValue(text).type !== "number") return false;
    const before = tokens.slice(0, at).map((token) => token.text);
    return [before.at(-1)!, before.join(" ")].some((called) => isColumn(called) || names.near(called).length > 0);
  });
}

/** Levels of `not` and parentheses: far fewer than what the stack holds. */
const DEPTH_MAX = 200;
const SIGNS = "=, !=, <, <=, >, >=, ~, !~, in or is";

class Parser {
  readonly taken: Taken[] = [];
  #at = 0;
  #depth = 0;
  readonly #tokens: Token[];
  readonly #text: string;
  readonly #names: FilterNames | null;

  constructor(tokens: Token[], text: string, names: FilterNames | null) {
    this.#tokens = tokens;
    this.#text = text;
    this.#names = names;
  }

  whole(): Filter {
    const filter = this.#or();
    if (this.#next()) throw this.#wrong("expected and, or, or the end");
    return filter;
  }

  #next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #wrong(expected: string, fixes: FilterFix[] = []): FilterError {
    const token = this.#next();
    const end = this.#text.length;
    if (!token) return new FilterError(`${expected}, and the filter ends`, end, end, fixes);
    return new FilterError(`${expected}, not ${JSON.stringify(token.text)}`, token.start, token.end, fixes);
  }

  /** The whole text with `label` in place of what stands there. */
  #fix(start: number, end: number, label: string): FilterFix {
    return { label, text: `${this.#text.slice(0, start)}${label}${this.#text.slice(end)}` };
  }

  #take(...words: string[]): boolean {
    if (!isWord(this.#next(), ...words)) return false;
    this.#at++;
    return true;
  }

  #or(): Filter {
    const parts = [this.#and()];
    while (this.#take(...joins.or)) parts.push(this.#and());
    return parts.length === 1 ? parts[0]! : { kind: "or", parts };
  }

  #and(): Filter {
    const parts = this.#not();
    while (this.#joined()) parts.push(...this.#not());
    return parts.length === 1 ? parts[0]! : { kind: "and", parts };
  }

  /** Whether another condition must hold as well: behind `and`, a comma, or nothing but a blank. */
  #joined(): boolean {
    if (this.#take(...joins.and)) return true;
    const token = this.#next();
    if (token?.kind === ",") {
      this.#at++;
      this.#take(...joins.and);
      return true;
    }
    return token?.kind === "(" || isWord(token, "not") || (isName(token) && !isKeyword(token));
  }

  /** A chain such as `1 < lr < 2` has two. */
  #not(): Filter[] {
    const token = this.#next();
    if (token?.kind !== "(" && !isWord(token, "not")) return this.#condition();
    if (++this.#depth > DEPTH_MAX) throw this.#wrong(`expected at most ${DEPTH_MAX} levels of not and parentheses`);
    this.#at++;
    const filter = token?.kind === "(" ? this.#parenthesis() : negation(this.#not());
    this.#depth--;
    return [filter];
  }

  #parenthesis(): Filter {
    const filter = this.#or();
    if (this.#next()?.kind !== ")") throw this.#wrong("expected ) to close the parenthesis");
    this.#at++;
    return filter;
  }

  #condition(): Filter[] {
    const first = this.#next();
    if (!isName(first) || isKeyword(first)) throw this.#wrong("expected a column");
    const second = this.#tokens[this.#at + 1];
    if (first.kind === "word" && isValueFirst(first.text) && isComparison(second)) return this.#chain();
    const run = this.#run();
    this.#at += run.length;
    const sign = this.#next();
    if (sign?.kind !== "operator" && !isWord(sign, "in", "is") && !isWordSign(sign)) return [this.#bare(run)];
    return this.#test(this.#column(run));
  }

  /** The words from here to a sign or a join. */
  #run(): Token[] {
    const rest = this.#tokens.slice(this.#at);
    const end = rest.findIndex(
      (token, at) => !isName(token) || isKeyword(token) || (at > 0 && isWordSign(token) && isName(rest[at + 1])),
    );
    return end < 0 ? rest : rest.slice(0, end);
  }

  /** `1e-4 < lr`, and `1e-4 < lr < 1e-2`. */
  #chain(): Filter[] {
    const left = this.#tokens[this.#at]!;
    const sign = this.#tokens[this.#at + 1]!.text as Operator;
    this.#at += 2;
    const run = this.#run();
    if (run.length === 0) throw this.#wrong("expected a column");
    const lengths = run.map((_, at) => run.length - at);
    const length = lengths.find((count) => this.#isColumn(run.slice(0, count))) ?? run.length;
    this.#at += length;
    const column = this.#column(run.slice(0, length));
    const parts = [this.#compared(column, flipped[sign], left)];
    if (isComparison(this.#next())) parts.push(...this.#test(column));
    return parts;
  }

  #isColumn(run: Token[]): boolean {
    const called = textOf(run);
    return this.#names ? this.#names.find(called).kind !== "none" : run.length === 1 && readColumnName(called) !== null;
  }

  /** The full name of the column that the words call. */
  #column(run: Token[]): string {
    const called = textOf(run);
    const names = this.#names;
    const [start, end] = [run[0]!.start, run.at(-1)!.end];
    if (!names) {
      if (run.length === 1) return called;
      throw new FilterError(`there is no column ${JSON.stringify(called)}`, start, end);
    }
    const found = names.find(called);
    if (found.kind === "one") {
      if (!found.isWhole && names.labelOf(found.column) !== called) this.#took(called, shownName(found.column));
      return found.column;
    }
    const fixTo = (column: string) => this.#fix(start, end, printName(names.labelOf(column)));
    if (found.kind === "several")
      throw new FilterError(`${called} may be several columns`, start, end, found.columns.slice(0, 6).map(fixTo));
    const near = names.near(called).map(fixTo);
    const fixes = near.length > 0 ? near : this.#searchFixes(run);
    throw new FilterError(`there is no column ${JSON.stringify(called)}`, start, end, fixes);
  }

  /** Words before a name may be meant for the names of runs. */
  #searchFixes(run: Token[]): FilterFix[] {
    const at = run.findIndex((_, index) => index > 0 && this.#isColumn(run.slice(index)));
    if (at < 0) return [];
    const label = `name contains ${searched(run.slice(0, at))} and ${textOf(run.slice(at))}`;
    return [this.#fix(run[0]!.start, run.at(-1)!.end, label)];
  }

  #took(from: string, to: string): void {
    if (!this.taken.some((one) => one.from === from)) this.taken.push({ from, to });
  }

  /** Words without a sign: `uncited`, or a fault. */
  #bare(run: Token[]): Filter {
    const [start, end] = [run[0]!.start, run.at(-1)!.end];
    const called = textOf(run);
    if (this.#names && run.length === 1 && isWord(run[0], "uncited")) {
      this.#took(called, "manifest is null");
      return { kind: "null", column: "manifest", negated: false };
    }
    const length = run.findLastIndex((_, at) => this.#isColumn(run.slice(0, at + 1))) + 1;
    const value = run[length];
    if (length === run.length) throw this.#wrong(`expected ${SIGNS} after ${called}`, this.#bareFixes(run, start, end));
    if (length > 0 && value) {
      const name = this.#text.slice(start, run[length - 1]!.end);
      const fixes =
        length + 1 === run.length ? [this.#fix(start, end, `${name} = ${this.#text.slice(value.start, end)}`)] : [];
      throw new FilterError(
        `expected ${SIGNS} after ${textOf(run.slice(0, length))}, not ${JSON.stringify(value.text)}`,
        value.start,
        value.end,
        fixes,
      );
    }
    throw new FilterError(`expected ${SIGNS} after ${called}`, start, end, this.#bareFixes(run, start, end));
  }

  #bareFixes(run: Token[], start: number, end: number): FilterFix[] {
    const names = this.#names;
    if (!names) return [];
    const before = this.#tokens[this.#at - run.length - 1];
    const sign = this.#tokens[this.#at - run.length - 2];
    const isValue = isName(before) && sign?.kind === "operator" && bareValue(before.text).type === "text";
    const last = run.at(-1)!;
    const near = run.length > 1 && bareValue(last.text).type === "number" ? names.near(textOf(run.slice(0, -1))) : [];
    const known = names.columns.filter(({ values }) => values?.includes(textOf(run)));
    return [
      ...near.map((column) => this.#fix(start, end, `${printName(names.labelOf(column))} = ${last.text}`)),
      ...known.map(({ name }) => this.#fix(start, end, `${printName(names.labelOf(name))} = ${searched(run)}`)),
      ...(isValue ? [this.#fix(before.start, end, quoted(textOf([before, ...run])))] : []),
      this.#fix(start, end, `name contains ${searched(run)}`),
    ];
  }

  /** What is asked of a column, from the sign on. */
  #test(column: string): Filter[] {
    if (this.#take("in")) return [{ kind: "in", column, values: this.#values() }];
    if (this.#take("is")) return [this.#is(column)];
    if (this.#take("between")) return this.#between(column);
    const sign = this.#tokens[this.#at++]!;
    if (sign.text !== "~" && sign.text !== "!~" && sign.kind === "operator")
      return [this.#compared(column, sign.text as Operator, this.#value())];
    const right = this.#next();
    if (!isName(right))
      throw this.#wrong(`expected ${sign.kind === "operator" ? "a regular expression in quotes" : "a value"}`);
    this.#at++;
    if (sign.kind === "operator") return [{ kind: "match", column, pattern: right.text, negated: sign.text === "!~" }];
    if (column === "name") return [{ kind: "words", words: [right.text] }];
    return [{ kind: "match", column, pattern: right.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), negated: false }];
  }

  #is(column: string): Filter {
    // of a text too long for an address
    if (this.#take("sha256")) return { kind: "digest", column, sha256: this.#digest() };
    const negated = this.#take("not");
    if (this.#take("null", "none", ...(column === "manifest" ? ["uncited"] : [])))
      return { kind: "null", column, negated };
    const token = this.#next();
    if (!isName(token) || isKeyword(token)) throw this.#wrong("expected null, not null, sha256 or a value after is");
    return this.#compared(column, negated ? "!=" : "=", this.#value());
  }

  #between(column: string): Filter[] {
    const low = this.#value();
    if (!this.#take("and", "to")) throw this.#wrong("expected and, and the other end, after between");
    const high = this.#value();
    const isTurned = Number(low.text) > Number(high.text);
    return [this.#compared(column, ">=", isTurned ? high : low), this.#compared(column, "<=", isTurned ? low : high)];
  }

  #compared(column: string, op: Operator, token: Token): Filter {
    const meant = meantBy(column, op, token, this.#names !== null);
    const name = this.#names?.labelOf(column) ?? column;
    if (meant.kind === "wrong")
      throw new FilterError(
        `expected ${meant.expected} for ${name}, not ${JSON.stringify(token.text)}`,
        token.start,
        token.end,
      );
    if (meant.taken !== null && this.#names) this.#took(`${name} ${op} ${token.text}`, meant.taken);
    return meant.filter;
  }

  #digest(): string {
    const token = this.#value();
    if (/^[0-9a-f]{64}$/.test(token.text)) return token.text;
    throw new FilterError("expected 64 hexadecimal digits (SHA-256)", token.start, token.end);
  }

  #values(): FilterValue[] {
    if (this.#next()?.kind !== "(") throw this.#wrong("expected ( and the values after in");
    this.#at++;
    const values = [valueIn(this.#value())];
    while (this.#next()?.kind === ",") {
      this.#at++;
      values.push(valueIn(this.#value()));
    }
    if (this.#next()?.kind !== ")") throw this.#wrong("expected , or ) after a value");
    this.#at++;
    return values;
  }

  #value(): Token {
    const token = this.#next();
    if (!isName(token) || isKeyword(token)) throw this.#wrong("expected a value");
    this.#at++;
    return token;
  }
}

const searched = (run: Token[]): string =>
  run.length === 1 && run[0]!.kind === "word" ? run[0]!.text : quoted(textOf(run));
const negation = (parts: Filter[]): Filter => ({
  kind: "not",
  part: parts.length === 1 ? parts[0]! : { kind: "and", parts },
});
const isComparison = (token: Token | undefined): boolean => token?.kind === "operator" && !token.text.includes("~");
const valueIn = ({ kind, text }: Token): FilterValue =>
  kind === "string" ? { type: "text", value: text } : bareValue(text);
