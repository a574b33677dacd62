/** Numbers and JSON as Python's programs write them. */

const unusual: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};
const spelled: Record<string, number> = {
  ...unusual,
  "+inf": Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  "+infinity": Number.POSITIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
};
const NINE = "9".charCodeAt(0);

/** A number as Python's `repr` writes it; null for another text. */
export function floatOf(text: string): number | null {
  const number = Number(text);
  // most begin with a digit or a sign, and have no letter next: these JavaScript reads as Python wrote them, 0x1f not
  if (Number.isFinite(number) && text.charCodeAt(0) <= NINE && !(text.charCodeAt(1) > NINE)) return number;
  const known = unusual[text.toLowerCase()];
  if (known !== undefined) return known;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}

/** A number that a cell or a value of JSON holds, NaN and infinities by any of their names; null for anything else. */
export function numberIn(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  const text = value.trim();
  return text === "" ? null : (spelled[text.toLowerCase()] ?? floatOf(text));
}

const BARE = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** JSON in which Python's bare NaN and infinities are texts. Throws a SyntaxError where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    return JSON.parse(text.replaceAll(BARE, (token) => (token.startsWith('"') ? token : `"${token}"`)));
  }
}
