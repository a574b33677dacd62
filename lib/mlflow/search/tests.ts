/** What a clause asks of a text or a number, in the words of lib/interop. Pure. */
import type { Comparator as NumberComparator, TextTest } from "../../interop/find-runs.ts";
import { invalidValue } from "../words/errors.ts";
import type { Clause, Comparator } from "./filter.ts";

const numberComparators: readonly Comparator[] = ["=", "!=", "<", "<=", ">", ">="];
const textComparators: readonly Comparator[] = ["=", "!=", "LIKE", "ILIKE"];

/** A clause about a number: `what` is said in its refusal. */
export function numberTest({ comparator, value, key }: Clause, what: string): { op: NumberComparator; value: number } {
  if (!numberComparators.includes(comparator))
    throw invalidValue(`Invalid comparator '${comparator}' not one of '${numberComparators.join("', '")}'`);
  if (value?.kind !== "number")
    throw invalidValue(`Expected numeric value type for ${what}. Found ${shown(value)} for ${key}`);
  return { op: comparator as NumberComparator, value: value.number };
}

/** A clause about a text; `more`: comparators that it may have beside those of every text. */
export function textTest({ comparator, value, key }: Clause, what: string, more: readonly Comparator[] = []): TextTest {
  const allowed = [...textComparators, ...more];
  if (!allowed.includes(comparator))
    throw invalidValue(`Invalid comparator '${comparator}' not one of '${allowed.join("', '")}'`);
  if (comparator === "IS NULL") return { op: "null" };
  if (comparator === "IS NOT NULL") return { op: "not-null" };
  if (value?.kind === "list") return { op: comparator === "IN" ? "in" : "not-in", texts: value.texts };
  if (value?.kind !== "text")
    throw invalidValue(
      `Expected a quoted string value for ${what} (e.g. 'my-value'). Got value ${shown(value)} for ${key}`,
    );
  if (comparator === "=") return { op: "in", texts: [value.text] };
  if (comparator === "!=") return { op: "not-in", texts: [value.text] };
  return { op: comparator === "LIKE" ? "like" : "ilike", pattern: value.text };
}

const shown = (value: Clause["value"]): string =>
  value === null
    ? "nothing"
    : value.kind === "number"
      ? String(value.number)
      : `'${value.kind === "text" ? value.text : value.texts.join("', '")}'`;

/** Whether a text passes; null: there is none. */
export function passes(text: string | null, test: TextTest): boolean {
  if (test.op === "null" || test.op === "not-null") return (text === null) === (test.op === "null");
  if (text === null) return false;
  if ("pattern" in test) return likeOf(test.pattern, test.op === "ilike").test(text);
  const { op, texts } = test as Extract<TextTest, { texts: string[] }>;
  return texts.includes(text) === (op === "in");
}

/** A pattern of LIKE: % is any text, _ one character. */
function likeOf(pattern: string, ignoresCase: boolean): RegExp {
  const source = [...pattern].map((one) =>
    one === "%" ? "[^]*" : one === "_" ? "[^]" : one.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"),
  );
  return new RegExp(`^${source.join("")}$`, ignoresCase ? "iu" : "u");
}

/** Whether a number passes. */
export function numberPasses(number: number, { op, value }: { op: NumberComparator; value: number }): boolean {
  return {
    "=": number === value,
    "!=": number !== value,
    "<": number < value,
    "<=": number <= value,
    ">": number > value,
    ">=": number >= value,
  }[op];
}
