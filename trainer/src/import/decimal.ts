/**
 * Decimal numbers read from bytes: a history has millions, and a text for each costs more than all else that is done to it.
 * What is read is what `Number` makes of the same characters, or nothing is.
 */

const ZERO = 48;
const [PLUS, MINUS, POINT, SMALL_E, LARGE_E] = [43, 45, 46, 101, 69];
const SPLITTER = 2 ** 27 + 1;
/** Powers of ten that a double holds exactly. */
const powers = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Far above the error of the quotient's rest, a few units of 2^-53; a rest that it could turn is left to `Number`. */
const DOUBT = 2 ** -48;

/**
 * The number that `bytes` spell from `from` to `to`: digits with an optional sign, point and exponent. NaN where they are
 * something else, or a number of more than 17 digits or a far exponent: these are the caller's to read as text.
 */
export function decimalIn(bytes: Uint8Array, from: number, to: number): number {
  const isNegative = bytes[from] === MINUS;
  let at = isNegative ? from + 1 : from;
  // the first digits, and up to 8 behind them: each exact
  let high = 0;
  let low = 0;
  let lowSize = 1;
  let digits = 0;
  let isAny = false;
  let scale = 0;
  let pointAt = -1;
  for (; at < to; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) {
      if (bytes[at] !== POINT || pointAt >= 0) break;
      pointAt = at;
      continue;
    }
    isAny = true;
    if (pointAt >= 0) scale++;
    if (digits === 0 && digit === 0) continue;
    if (++digits <= 9) high = high * 10 + digit;
    else {
      low = low * 10 + digit;
      lowSize *= 10;
    }
  }
  if (!isAny || digits > 17) return Number.NaN;
  if (at < to) {
    if (bytes[at] !== SMALL_E && bytes[at] !== LARGE_E) return Number.NaN;
    const exponent = exponentIn(bytes, at + 1, to);
    if (Number.isNaN(exponent)) return Number.NaN;
    scale -= exponent;
  }
  const size = scaled(high * lowSize, low, scale);
  return isNegative ? -size : size;
}

function exponentIn(bytes: Uint8Array, from: number, to: number): number {
  const isSigned = bytes[from] === PLUS || bytes[from] === MINUS;
  const start = isSigned ? from + 1 : from;
  if (start >= to || to - start > 4) return Number.NaN;
  let exponent = 0;
  for (let at = start; at < to; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    exponent = exponent * 10 + digit;
  }
  return bytes[from] === MINUS ? -exponent : exponent;
}

/**
 * (`head` + `tail`) / 10^`scale`, correctly rounded; NaN where that isn't sure. Both are whole, below 10^17, and exact: the
 * head is a multiple of a power of ten, of which 5^8 · 10^9 < 2^53 is left without its twos.
 */
function scaled(head: number, tail: number, scale: number): number {
  if (scale > 22 || scale < -22) return head + tail === 0 ? 0 : Number.NaN;
  const sum = head + tail;
  // the part of the tail that the sum has no room for (Dekker 1971, Fast2Sum: the head is the larger one, or the sum is exact)
  const lost = tail - (sum - head);
  const power = powers[Math.abs(scale)]!;
  // one rounding of two exact numbers
  if (lost === 0 && sum <= Number.MAX_SAFE_INTEGER) return scale < 0 ? sum * power : sum / power;
  if (scale <= 0) return scale === 0 ? sum : Number.NaN;
  const quotient = sum / power;
  // sum - quotient · power, exactly (Dekker 1971, TwoProduct)
  const quotientHigh = upper(quotient);
  const powerHigh = upper(power);
  const quotientLow = quotient - quotientHigh;
  const powerLow = power - powerHigh;
  const product = quotient * power;
  const below =
    quotientHigh * powerHigh - product + quotientHigh * powerLow + quotientLow * powerHigh + quotientLow * powerLow;
  const rest = (sum - product - below + lost) / power;
  const least = quotient + (rest - Math.abs(rest) * DOUBT);
  return least === quotient + (rest + Math.abs(rest) * DOUBT) ? least : Number.NaN;
}

/** The upper half of a number's digits (Veltkamp 1968). */
function upper(number: number): number {
  const spread = SPLITTER * number;
  return spread - (spread - number);
}
