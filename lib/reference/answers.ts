/** What all answers to reference cases share. */

// biome-ignore lint/suspicious/noExplicitAny: each case has a shape of its own
export type Adapter = (input: any, params: any) => unknown;

/** Cases write what is undefined as null, or as NaN where the library that answered them does. */
export const orNull = <T>(value: T): T | null => (isMissing(value) ? null : value);
export const orNaN = <T>(value: T): T | number => (isMissing(value) ? Number.NaN : value);
const isMissing = (value: unknown): boolean => typeof value === "object" && value !== null && "undefined" in value;

/** What stands in `value`, whose being undefined would fail the case. */
export function defined<T>(value: T): Exclude<T, { undefined: string }> {
  if (isMissing(value)) throw new Error(`undefined, because ${(value as { undefined: string }).undefined}`);
  return value as Exclude<T, { undefined: string }>;
}

/** Row by row in the cases, column by column in the product. */
export const transposed = (rows: number[][]): number[][] => rows[0]!.map((_, at) => rows.map((row) => row[at]!));
