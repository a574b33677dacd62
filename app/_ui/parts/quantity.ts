/** Quantities in words and columns of numbers in one precision. Pure. */

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

/** `81.2 kB`, in powers of 1000. */
export function bytesWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB", "PB"];
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 999.95 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size.toFixed(1)} ${units[unit]}`;
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
