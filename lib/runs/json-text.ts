/** JSON as PostgreSQL prints what it stored as jsonb, so that a list has one text in the table and on its run's page. Pure. */

import type { Json } from "../wire/base/config.ts";

/** `[64, {"b": 1, "aa": 2}]`: a space after commas and colons, keys by their length in bytes, numbers without exponent. */
export function jsonText(value: Json): string {
  if (typeof value === "number") return digitsOf(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(", ")}]`;
  const entries = Object.entries(value).map(([key, of]) => ({ key, bytes: Buffer.from(key), of }));
  entries.sort((a, b) => a.bytes.length - b.bytes.length || Buffer.compare(a.bytes, b.bytes));
  return `{${entries.map(({ key, of }) => `${JSON.stringify(key)}: ${jsonText(of)}`).join(", ")}}`;
}

/** The digits of a finite number, `1e21` and `1e-7` written out. */
function digitsOf(value: number): string {
  const [digits = "", exponent] = String(value).split("e");
  if (exponent === undefined) return digits;
  const [, sign, whole = "", fraction = ""] = /^(-?)(\d+)\.?(\d*)$/.exec(digits) ?? [];
  const point = whole.length + Number(exponent);
  const all = whole + fraction;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${all}`;
  return `${sign}${all.padEnd(point, "0")}`;
}
