/** What was held against a schema once, so that it isn't a second time. */
import type { z } from "zod";

export type Parsed = object;
const schemas = new WeakMap<Parsed, z.ZodType>();

/** Says that `value` is `schema`'s output. */
export function noteParsed<Value extends Parsed>(schema: z.ZodType, value: Value): Value {
  schemas.set(value, schema);
  return value;
}

export const isParsed = (schema: z.ZodType, value: unknown): boolean =>
  typeof value === "object" && value !== null && schemas.get(value) === schema;
