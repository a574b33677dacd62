/** How far two values are apart, and which is the better one. Pure. */
import { significantWords } from "@/lib/words/numbers.ts";

type Ranked = { direction: "min" | "max" };

/** Above 0: `value` is the better one; 0: they are level. */
export const gainOver = (value: number, other: number, { direction }: Ranked): number =>
  direction === "max" ? value - other : other - value;

/** `value` less `other` with its sign, in the decimals of `format`; in two figures where these would show 0. */
export function differenceWords(value: number, other: number, format: (value: number) => string): string {
  const size = Math.abs(value - other);
  const words = format(size);
  const isShown = /[1-9]/.test(words) || size === 0;
  return `${value < other ? "−" : "+"}${isShown ? words : significantWords(size, 2)}`;
}
