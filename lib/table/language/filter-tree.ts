/** A filter of the runs table as a tree. */

export type FilterValue =
  | { type: "number"; value: number }
  | { type: "text"; value: string }
  | { type: "boolean"; value: boolean }
  | { type: "date"; value: string };
export const operators = ["=", "!=", ">=", "<=", ">", "<"] as const;
export type Operator = (typeof operators)[number];
/** Columns go by their full names. */
export type Filter =
  | { kind: "and" | "or"; parts: Filter[] }
  | { kind: "not"; part: Filter }
  | { kind: "compare"; column: string; op: Operator; value: FilterValue }
  | { kind: "in"; column: string; values: FilterValue[] }
  | { kind: "null"; column: string; negated: boolean }
  | { kind: "digest"; column: string; sha256: string }
  | { kind: "match"; column: string; pattern: string; negated: boolean }
  | { kind: "words"; words: string[] };
