/** JSON from outside: what it holds is counted and named before it is parsed, and nothing of it is changed in silence. */
import { invalid, ProblemError } from "./problem.ts";
import { DEPTH_MAX } from "./wire/base/config.ts";
import { PROTO, protoRefused } from "./wire/base/text.ts";

export type JsonLimits = {
  /** Most keys, and most commas: what a checker has to look at. */
  keysMax?: number;
  commasMax?: number;
  /** Whether integers beyond 2^53 are values of float64, and may be rounded as decimals are. */
  roundsIntegers?: boolean;
};

/** The value of a body. Throws `invalid` naming the field where JavaScript would lose or change something of it. */
export function parseJson(text: string, limits: JsonLimits = {}): unknown {
  new Scan(text, limits).run();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProblemError("invalid", `the body is not JSON: ${(cause as Error).message}`, undefined, { cause });
  }
}

/** An object or a list around what is read now. `keys`: of an object, those that were read; null: a list. */
type Level = { keys: Set<string> | null; at: string | number };

/** A JSON number, or a word that other programs write for one. */
const number = /-?(?:Infinity|\d[\d.eE+-]*)|NaN/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [BRACE, BRACE_END, BRACKET, BRACKET_END, COMMA, COLON] = [0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x3a];
const [MINUS, ZERO, NINE, CAPITAL_I, CAPITAL_N] = [0x2d, 0x30, 0x39, 0x49, 0x4e];

/** Goes over the text once. What is no JSON at all is left for the parser to say. */
class Scan {
  #at = 0;
  #keys = 0;
  #commas = 0;
  #levels: Level[] = [];
  /** The last text, with its quotes: a key where a colon follows. */
  #string = "";

  constructor(
    readonly text: string,
    readonly limits: JsonLimits,
  ) {}

  run(): void {
    const { text } = this;
    for (; this.#at < text.length; this.#at++) {
      const code = text.charCodeAt(this.#at);
      if (code === QUOTE) this.#readString();
      else if (code === COLON) this.#noteKey();
      else if (code === BRACE || code === BRACKET) this.#open(code === BRACE);
      else if (code === BRACE_END || code === BRACKET_END) this.#levels.pop();
      else if (code === COMMA) this.#next();
      else if ((code >= ZERO && code <= NINE) || code === MINUS || code === CAPITAL_I || code === CAPITAL_N)
        this.#readNumber();
    }
  }

  #open(isObject: boolean): void {
    if (this.#levels.length > DEPTH_MAX) throw this.#refusal(`nested deeper than ${DEPTH_MAX}`);
    this.#levels.push({ keys: isObject ? new Set() : null, at: isObject ? "" : 0 });
  }

  #next(): void {
    const { commasMax = Number.POSITIVE_INFINITY } = this.limits;
    if (++this.#commas > commasMax) throw tooMany(`more than ${commasMax} values`);
    const level = this.#levels.at(-1);
    if (level && typeof level.at === "number") level.at++;
  }

  #readString(): void {
    const { text } = this;
    const begin = this.#at;
    let end = text.indexOf('"', begin + 1);
    while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    this.#at = end < 0 ? text.length : end;
    this.#string = text.slice(begin, this.#at + 1);
  }

  #noteKey(): void {
    const level = this.#levels.at(-1);
    if (!level?.keys) return;
    const key = unescaped(this.#string);
    level.at = key;
    const { keysMax = Number.POSITIVE_INFINITY } = this.limits;
    if (++this.#keys > keysMax) throw tooMany(`more than ${keysMax} keys in all`);
    if (key === PROTO) throw this.#refusal(protoRefused);
    if (level.keys.has(key)) throw this.#refusal("is named twice in one object; once is right");
    level.keys.add(key);
  }

  #readNumber(): void {
    number.lastIndex = this.#at;
    const literal = number.exec(this.text)?.[0];
    if (literal === undefined) return;
    this.#at += literal.length - 1;
    // most are short: these are themselves
    if (literal.length < 16 && !/[eIN]/i.test(literal)) return;
    const why = lossOf(literal, this.limits.roundsIntegers ?? false);
    if (why) throw this.#refusal(`${why}, received ${literal.slice(0, 80)}`);
  }

  #refusal(detail: string): ProblemError {
    const field = this.#levels.map(({ at }) => at).join(".") || "body";
    return invalid(field, detail);
  }
}

const tooMany = (detail: string) => invalid("body", detail);

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === BACKSLASH) before--;
  return (at - before) % 2 === 0;
}

function unescaped(quoted: string): string {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}

/** What float64 would lose of a number's text; null: nothing but digits behind those that it holds. */
function lossOf(literal: string, roundsIntegers: boolean): string | null {
  if (/[IN]/.test(literal)) return `JSON has no ${literal}; the text "${literal}" is right`;
  const value = Number(literal);
  // no number at all, such as 1.2.3
  if (Number.isNaN(value)) return null;
  if (!Number.isFinite(value)) return "beyond the largest float64, 1.8e308; a text is right";
  const [digits = ""] = literal.split(/e/i);
  if (value === 0 && /[1-9]/.test(digits)) return "nearer to 0 than any float64 is, 4.9e-324; a text is right";
  if (Number.isSafeInteger(value) && !/[.e]/i.test(literal)) return null;
  if (!roundsIntegers && /^-?\d+$/.test(literal) && String(value) !== literal)
    return "an integer beyond 2^53, of which float64 would round the digits; a text is right";
  if (Number.isInteger(value) && hasFraction(literal)) return "float64 would round the fraction away; a text is right";
  return null;
}

function hasFraction(literal: string): boolean {
  const [digits = "", exponent = "0"] = literal.split(/e/i);
  const [whole = "", fraction = ""] = digits.split(".");
  const behind = fraction.length - Number(exponent);
  return behind > 0 && /[1-9]/.test((whole + fraction).slice(-behind));
}
