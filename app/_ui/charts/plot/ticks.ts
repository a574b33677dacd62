/** Where the numbers stand at an axis, and how they are written. Pure. */
import { decimalWords, fullWords, numberWords, valueWords } from "@/lib/words/numbers.ts";
import type { Scale } from "./plane.ts";

/** `values` in the axis's numbers, with their texts. */
export type Ticks = {
  values: number[];
  texts: string[];
  /** What is to be added to each text, or stands before it; null where they stand for themselves. */
  base: string | null;
};

/** As many digits as a tick has room for. */
const DIGITS = 6;
const MINUS = "−";

/** About `most` ticks at round numbers, in order; steps are whole, and written shorter. */
export function numberTicks(scale: Scale, isStep: boolean, most: number): Ticks {
  if (!(scale.to > scale.from)) return { values: [], texts: [], base: null };
  return scale.log ? logTicks(scale, most) : linearTicks(scale, isStep, most);
}

function linearTicks({ from, to }: Scale, isStep: boolean, most: number): Ticks {
  const step = Math.max(niceStep((to - from) / most), isStep ? 1 : 0);
  const largest = Math.max(Math.abs(from), Math.abs(to));
  if (exponentOf(largest) - exponentOf(step) >= DIGITS) return offsetTicks({ from, to }, step);
  const values = multiplesOf(step, from, to);
  return { values, texts: values.map(formatOf(largest, step, isStep)), base: null };
}

/**
 * Where numbers share their first digits (steps that are timestamps, a metric that hardly moves round a large number):
 * the texts are what is to be added to `base`.
 */
function offsetTicks({ from, to }: Pick<Scale, "from" | "to">, step: number): Ticks {
  const unit = 10 ** (exponentOf(to - from) + 1);
  const base = Math.floor(from / unit) * unit;
  const parts = multiplesOf(step, from - base, to - base);
  return { values: parts.map((part) => base + part), texts: parts.map(minusWords), base: minusWords(base) };
}

/** Decades; 2 and 5 times them where there is room; round numbers as on a linear axis where there is no decade to see. */
function logTicks({ from, to }: Scale, most: number): Ticks {
  const decades = Math.log10(to / from);
  if (decades < 1) {
    const { values, texts } = linearTicks({ from, to, log: false }, false, most);
    if (values.length > 1) return { values, texts, base: null };
  }
  const factors = decades * 2 <= most ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil(decades / most));
  const values: number[] = [];
  for (let power = Math.floor(Math.log10(from)); 10 ** power <= to; power++)
    if (power % stride === 0)
      for (const factor of factors) {
        const value = Number(`${factor}e${power}`);
        if (value >= from && value <= to) values.push(value);
      }
  const isPlain = values.every((value) => value >= 1e-3 && value < 1e15);
  return { values, texts: values.map(isPlain ? shortWords : powerWords), base: null };
}

/** Whole multiples of `step` from `from` to `to`, both included. */
function multiplesOf(step: number, from: number, to: number): number[] {
  // a millionth of a step: what a division rounds off
  const [first, last] = [Math.ceil(from / step - 1e-6), Math.floor(to / step + 1e-6)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => round((first + index) * step));
}

/** Without the last digits, which multiplication gets wrong: 0.30000000000000004 is 0.3. */
const round = (value: number): number => Number(value.toPrecision(15));

/** All numbers of an axis alike: with so many decimals, one unit or one exponent; 0 is always `0`. */
function formatOf(largest: number, step: number, isStep: boolean): (value: number) => string {
  const power = exponentOf(largest);
  if (power < -3 || power >= 15) return (value) => scaled(value, step, power, `e${power}`.replace("-", MINUS));
  const [, unit, name] = units.find(([least]) => largest >= least) ?? [0, 0, ""];
  const isShort = largest >= (isStep ? 1e4 : 1e6);
  return (value) => scaled(value, step, isShort ? unit : 0, isShort ? name : "");
}

/** `value` in units of a power of ten, with as many decimals as `step` needs. */
function scaled(value: number, step: number, power: number, unit: string): string {
  if (value === 0) return "0";
  const decimals = Math.max(0, power - exponentOf(step));
  return `${decimalWords(value / 10 ** power, decimals).replace("-", MINUS)}${unit}`;
}

/** From where on a unit is used, its power of ten, its name. */
const units = [
  [1e12, 12, "T"],
  [1e9, 9, "G"],
  [1e6, 6, "M"],
  [1e3, 3, "k"],
] as const;

/** `0.001`, `500`, `20k`. */
function shortWords(value: number): string {
  const [, unit, name] = units.find(([least]) => value >= least && value >= 1e4) ?? [0, 0, ""];
  return `${value < 1 ? valueWords(value) : numberWords(value / 10 ** unit)}${name}`;
}

/** `10⁻⁶`, `2e−6`. */
function powerWords(value: number): string {
  const [factor, power] = value.toExponential().split("e") as [string, string];
  if (factor !== "1") return `${factor}e${Number(power)}`.replace("-", MINUS);
  return `10${Array.from(String(Number(power)), (sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("")}`;
}

const exponentOf = (value: number): number => Math.floor(Math.log10(value) + 1e-9);

/** 1, 2 or 5 times a power of ten, not below `least`. */
export function niceStep(least: number): number {
  const power = exponentOf(least);
  const factor = [1, 2, 5, 10].find((one) => one * 10 ** power >= least * (1 - 1e-9)) ?? 10;
  return Number(`${factor}e${power}`);
}

const minusWords = (value: number): string => fullWords(value).replace("-", MINUS);
