/**
 * The language of expressions: numbers, metrics, + − × ÷ (or * and /), parentheses, abs, log, exp, sqrt, min, max. A metric
 * is named as in the filter of the runs table: `accuracy` of every split, `train/loss` of one, `"a b"` in quotes. Pure.
 */
import { type SeriesName, seriesKey } from "@/lib/wire/points/series-name.ts";
import { type Expression, type FunctionName, functionNames, type MetricNode, metricsIn, type Sign } from "./tree.ts";

/** What is wrong with an expression, and where: `at` counts characters from 1. */
export class ExpressionError extends Error {
  override name = "ExpressionError";
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(`${message} at character ${at}`);
  }
}

export const EXPRESSION_CHARACTERS_MAX = 500;
/** Parentheses and signs within each other. */
const DEPTH_MAX = 50;

type Name = Omit<MetricNode, "kind">;
type Token =
  | { kind: "number"; value: number; start: number }
  | { kind: "metric"; name: Name; start: number }
  | { kind: "function"; name: FunctionName; start: number }
  | { kind: "sign"; sign: Sign; start: number }
  | { kind: "(" | ")" | "," | "end"; start: number };

/** Reads an expression of some of the series that are known. Throws an `ExpressionError`. */
export function parseExpression(text: string, known: readonly SeriesName[]): Expression {
  if (text.length > EXPRESSION_CHARACTERS_MAX)
    throw new ExpressionError(
      `the expression has ${text.length} characters and may have ${EXPRESSION_CHARACTERS_MAX}: it is cut`,
      EXPRESSION_CHARACTERS_MAX + 1,
    );
  const reader = new Reader(text, tokensOf(text, namesOf(known)));
  const expression = reader.sum(0);
  reader.expectEnd();
  if (metricsIn(expression).length === 0) throw new ExpressionError("expected at least one metric, and found none", 1);
  return expression;
}

/** Every text that names a series: in full, and of a metric alone, which stands for all its splits. */
function namesOf(known: readonly SeriesName[]): Map<string, Name> {
  const names = new Map<string, Name>();
  for (const { metric } of known) names.set(metric, { split: "each", metric });
  for (const one of known) names.set(seriesKey(one), { ...one });
  return names;
}

const signs: Record<string, Sign> = { "+": "+", "-": "−", "−": "−", "*": "×", "×": "×", "/": "÷", "÷": "÷" };
const number = /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy;
/** What may be a name, with signs in it: `train/loss`, `learning-rate`, and `1-loss`, which is none. */
const run = /[^\s"(),]+/y;

function tokensOf(text: string, names: ReadonlyMap<string, Name>): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  const at = (pattern: RegExp) => {
    pattern.lastIndex = start;
    return pattern.exec(text)?.[0] ?? "";
  };
  while (start < text.length) {
    const char = text[start]!;
    if (/\s/.test(char)) {
      start++;
      continue;
    }
    const found =
      char === "(" || char === ")" || char === ","
        ? { token: { kind: char, start } as Token, length: 1 }
        : char === '"'
          ? quotedName(text, start, names)
          : bareToken({ text, start, word: at(run), digits: at(number) }, names);
    tokens.push(found.token);
    start += found.length;
  }
  return [...tokens, { kind: "end", start: text.length }];
}

type Found = { token: Token; length: number };
type Bare = { text: string; start: number; word: string; digits: string };

/** The longest name that is known comes first: `train/loss` is no division where there is such a series. */
function bareToken({ text, start, word, digits }: Bare, names: ReadonlyMap<string, Name>): Found {
  const called = functionNames.find((name) => word.toLowerCase() === name);
  if (called && /^\s*\(/.test(text.slice(start + word.length)))
    return { token: { kind: "function", name: called, start }, length: word.length };
  for (let length = word.length; length > digits.length; length--) {
    const name = isEdge(word, length) ? names.get(word.slice(0, length)) : undefined;
    if (name) return { token: { kind: "metric", name, start }, length };
  }
  if (digits !== "" && isEdge(word, digits.length))
    return { token: { kind: "number", value: Number(digits), start }, length: digits.length };
  const sign = signs[word[0]!];
  if (sign) return { token: { kind: "sign", sign, start }, length: 1 };
  throw unknown(text, start, nameLike(word), names);
}

/** A name ends where the word does, or before a sign. */
const isEdge = (word: string, length: number): boolean => length === word.length || word[length]! in signs;

/** The part of a word that was meant as a name: with its split, and up to a sign that no name is likely to have. */
const nameLike = (word: string): string => /^(?:(?:train|validation|test)\/)?[^+*×÷−]+/.exec(word)?.[0] ?? word;

function quotedName(text: string, start: number, names: ReadonlyMap<string, Name>): Found {
  const found = /^"((?:[^"\\]|\\.)*)"/s.exec(text.slice(start));
  if (!found) throw new ExpressionError("this quote isn't closed", placeOf(text, start));
  const called = found[1]!.replace(/\\(.)/gs, "$1");
  const name = names.get(called);
  if (!name) throw unknown(text, start, called, names);
  return { token: { kind: "metric", name, start }, length: found[0].length };
}

const placeOf = (text: string, index: number): number => [...text.slice(0, index)].length + 1;

function unknown(text: string, start: number, called: string, names: ReadonlyMap<string, Name>): ExpressionError {
  const near = [...names.keys()].find((name) => isNear(name.toLowerCase(), called.toLowerCase()));
  const hint = near === undefined ? "" : ` (${near}?)`;
  return new ExpressionError(`“${called}” is no metric of these runs${hint},`, placeOf(text, start));
}

/** Whether one letter that is left out, put in or changed makes one of the other, or it is a part of it. */
function isNear(name: string, called: string): boolean {
  if (called.length < 3) return false;
  if (name.includes(called)) return true;
  let start = 0;
  while (start < name.length && name[start] === called[start]) start++;
  let end = 0;
  while (end < Math.min(name.length, called.length) - start && name.at(-1 - end) === called.at(-1 - end)) end++;
  return Math.max(name.length, called.length) - start - end <= 1;
}

/** Goes through the tokens once: a sum is of products, a product of factors. */
class Reader {
  private next = 0;
  constructor(
    private readonly text: string,
    private readonly tokens: Token[],
  ) {}

  sum(depth: number): Expression {
    return this.chain(["+", "−"], () => this.product(depth));
  }

  private product(depth: number): Expression {
    return this.chain(["×", "÷"], () => this.factor(depth));
  }

  /** Signs of one strength, from left to right. */
  private chain(those: Sign[], part: () => Expression): Expression {
    let left = part();
    for (let token = this.token; token.kind === "sign" && those.includes(token.sign); token = this.token) {
      this.next++;
      left = { kind: "operation", sign: token.sign, left, right: part() };
    }
    return left;
  }

  private factor(depth: number): Expression {
    const token = this.token;
    if (depth > DEPTH_MAX) throw this.wrong(`there are more than ${DEPTH_MAX} parentheses or signs within each other`);
    this.next++;
    if (token.kind === "number") return { kind: "number", value: token.value };
    if (token.kind === "metric") return { kind: "metric", ...token.name };
    if (token.kind === "sign" && token.sign === "−") return { kind: "negative", of: this.factor(depth + 1) };
    if (token.kind === "function") return this.call(token.name, depth);
    this.next--;
    if (token.kind !== "(") throw this.wrong("expected a metric or a number");
    this.next++;
    const inner = this.sum(depth + 1);
    this.close();
    return inner;
  }

  private call(name: FunctionName, depth: number): Expression {
    this.next++; // the tokens say that a parenthesis follows
    const of = [this.sum(depth + 1)];
    while (this.token.kind === ",") {
      if (name !== "min" && name !== "max") throw this.wrong(`${name} takes one value, found a second`);
      this.next++;
      of.push(this.sum(depth + 1));
    }
    this.close();
    return { kind: "call", name, of };
  }

  expectEnd(): void {
    const { kind } = this.token;
    if (kind === ")") throw this.wrong("this ) closes nothing");
    if (kind !== "end") throw this.wrong("expected a sign such as + or ×");
  }

  private close(): void {
    if (this.token.kind === "metric" || this.token.kind === "number" || this.token.kind === "function")
      throw this.wrong("expected a sign such as + or ×");
    if (this.token.kind !== ")") throw this.wrong("expected )");
    this.next++;
  }

  private get token(): Token {
    return this.tokens[this.next]!;
  }

  private wrong(message: string): ExpressionError {
    return new ExpressionError(message, placeOf(this.text, this.token.start));
  }
}
