/** Numbers and counts for people, in the language of the page. Pure. */
import { language } from "./language.ts";

/** A formatter takes fifty times as long to make as to use: it is made by its first use, and a page that uses none waits for none. */
function once<Made>(make: () => Made): () => Made {
  let made: Made | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
const whole = once(() => new Intl.NumberFormat(language));
const pluralRules = once(() => new Intl.PluralRules(language));

/** One for each number of digits, of which there are few. */
function formatters(options: (digits: number) => Intl.NumberFormatOptions): (digits: number) => Intl.NumberFormat {
  const made = new Map<number, Intl.NumberFormat>();
  return (digits) => {
    const known = made.get(digits) ?? new Intl.NumberFormat(language, options(digits));
    made.set(digits, known);
    return known;
  };
}
const significant = formatters((digits) => ({ maximumSignificantDigits: digits }));
const decimal = formatters((digits) => ({ minimumFractionDigits: digits, maximumFractionDigits: digits }));
const atMost = formatters((digits) => ({ maximumFractionDigits: digits }));

/** `1,234`, `0.123`: at most three decimals. */
export const numberWords = (value: number): string => whole().format(value);

/** With so many significant digits: `0.1235`. */
export const significantWords = (value: number, digits: number): string => significant(digits).format(value);

/** With exactly so many decimals: `12.0`. */
export const decimalWords = (value: number, decimals: number): string => decimal(decimals).format(value);

const FLOAT64_DECIMALS = 12;

/** With every digit that a float64 has: `1,700,000,000.25`. */
export const fullWords = (value: number): string => atMost(FLOAT64_DECIMALS).format(Number(value.toPrecision(15)));

/** Six significant digits, with an exponent where they need one; NaN, ∞ and −∞ as such. */
export function valueWords(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return String(Number(value.toPrecision(6))).replace("-", "−");
}

/** `1 run`, `2,000 runs`. */
export const countWords = (count: number, one: string, other = `${one}s`): string =>
  `${numberWords(count)} ${pluralRules().select(count) === "one" ? one : other}`;

const conjunction = once(() => new Intl.ListFormat(language, { type: "conjunction" }));

/** `train and test`. */
export const listWords = (names: readonly string[]): string => conjunction().format(names);

const sizes = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** `12.3 MB`: decimal units, three figures. */
export function bytesWords(sizeBytes: number): string {
  let size = sizeBytes;
  let unit = 0;
  // 999.5 would be shown as 1000
  while (size >= 999.5 && unit < sizes.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? size : Number(size.toPrecision(3))} ${sizes[unit]}`;
}

/** `3 h 05 m`, `2 m 07 s`, `4.2 s`. */
export function durationWords(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (part: number) => String(part).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${two(whole % 60)} s`;
  const hours = Math.floor(whole / 3600);
  if (hours < 48) return `${hours} h ${two(Math.floor((whole % 3600) / 60))} m`;
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

const DIGITS = 4;

/**
 * How every number of a column is written: with as many decimals as give the largest of them four digits, or all with
 * an exponent where that would need more than six, or the numbers are a million and more.
 */
export function columnFormat(values: readonly number[]): (value: number) => string {
  const finite = values.filter(Number.isFinite);
  const largest = Math.max(0, ...finite.map(Math.abs));
  const decimals = DIGITS - 1 - Math.floor(Math.log10(largest || 1));
  if (decimals > 6 || largest >= 1e6) return (value) => minus(value.toExponential(DIGITS - 1));
  if (finite.every(Number.isInteger)) return (value) => minus(String(value));
  return (value) => minus(value.toFixed(Math.min(6, Math.max(0, decimals))));
}

/** A minus sign as wide as a digit. */
const minus = (text: string) => text.replace("-", "−").replace("e-", "e−");
