/** What a value means beside a sign and a column: nothing, a time so long ago, a duration with its unit. Pure. */
import { type RunColumn, readColumnName } from "./column-name.ts";
import { bareValue, readSpan, type Token } from "./filter-tokens.ts";
import type { Filter, FilterValue, Operator } from "./filter-tree.ts";

export type Meaning =
  | {
      kind: "filter";
      filter: Filter /** What it was taken for, where it isn't what stands there. */;
      taken: string | null;
    }
  /** The value is of no use; `expected` says which would be. */
  | { kind: "wrong"; expected: string };

/** Before a condition that is the other way round. */
export const flipped: Record<Operator, Operator> = { "=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<=" };

const dates: readonly RunColumn[] = ["created", "started", "ended"];
const numbers: readonly RunColumn[] = ["duration", "seed"];

/** What the values of a column are, whatever the runs have in it; null: a config has numbers and texts. */
function typeOf(column: string): "date" | "number" | "text" | null {
  const read = readColumnName(column);
  if (read?.kind === "metric") return "number";
  if (read?.kind !== "run") return null;
  return dates.includes(read.name) ? "date" : numbers.includes(read.name) ? "number" : "text";
}

/**
 * The condition of a column, a sign and the word of a value. `isTyped`: a person typed it just now; what an address holds
 * keeps the meaning that it had when it was made, a config's text `none` among it.
 */
export function meantBy(column: string, op: Operator, token: Token, isTyped: boolean): Meaning {
  const type = typeOf(column);
  const isWord = token.kind === "word";
  if (isWord && (op === "=" || op === "!=")) {
    const nothing = nothingOf(column, token.text.toLowerCase(), isTyped);
    if (nothing)
      return meant(
        absent(column, op === "!=", nothing === "either" ? token.text : null),
        nothing === "either" ? `no value, or the text ${token.text}` : null,
      );
  }
  const value: FilterValue = isWord ? bareValue(token.text) : { type: "text", value: token.text };
  const compared = (sign: Operator, right: FilterValue): Filter => ({
    kind: "compare",
    column,
    op: sign,
    value: right,
  });
  const span = readSpan(token.text);
  if (type === "date") return dateMeant(column, op, value, span, compared);
  if (type === "number" && value.type !== "number") {
    if (column === "duration" && span !== null && span >= 0)
      return meant(compared(op, { type: "number", value: span / 1000 }), `${span / 1000} seconds`);
    return {
      kind: "wrong",
      expected: column === "duration" ? "a number of seconds, or a time such as 2h" : "a number",
    };
  }
  return meant(compared(op, value));
}

const meant = (filter: Filter, taken: string | null = null): Meaning => ({ kind: "filter", filter, taken });

/** `2h` is an age: less than it is after the moment that was 2 h ago, which is `-2h`. */
function dateMeant(
  column: string,
  op: Operator,
  value: FilterValue,
  span: number | null,
  compared: (op: Operator, value: FilterValue) => Filter,
): Meaning {
  if (span === null)
    return value.type === "date"
      ? meant(compared(op, value))
      : { kind: "wrong", expected: "a date such as 2026-11-01, or -1d for a day ago" };
  if (op === "=" || op === "!=") return { kind: "wrong", expected: `a day; a moment ago is compared by < and >` };
  if (span < 0 || Object.is(span, -0)) return meant(compared(op, value));
  const text = `-${value.value}`;
  return meant(compared(flipped[op], { type: "text", value: text }), `${column} ${flipped[op]} ${text}`);
}

/** Whether a word says that there is no value: it does, or it may be the text of a value as well. */
function nothingOf(column: string, word: string, isTyped: boolean): "nothing" | "either" | null {
  if (word === "null") return "nothing";
  if (column === "manifest") return word === "none" || word === "uncited" ? "nothing" : null;
  if (word !== "none") return null;
  const type = typeOf(column);
  if (type === "date" || type === "number") return "nothing";
  return isTyped && (type === null || column === "tags") ? "either" : null;
}

function absent(column: string, negated: boolean, text: string | null): Filter {
  const nothing: Filter = { kind: "null", column, negated };
  if (text === null) return nothing;
  const said: Filter = { kind: "compare", column, op: negated ? "!=" : "=", value: { type: "text", value: text } };
  return { kind: negated ? "and" : "or", parts: [nothing, said] };
}
