import fc from "fast-check";
import { expect, test } from "vitest";
import { decimalIn } from "./decimal.ts";

const read = (text: string): number => decimalIn(Buffer.from(`7 ${text} 7`), 2, 2 + Buffer.byteLength(text));
const times = process.env.HOLDOUT_TEST_SLOW ? 2_000_000 : 50_000;

/** As Python's `repr` writes it: with a sign and two digits in its exponent. */
const asPython = (value: number): string => String(value).replace(/e([+-]?)(\d)$/, "e$10$2");

test("a double that was written as text is read as the same double, or left to Number", () => {
  let left = 0;
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 20 }), (value, shift) => {
      const scaled = Number(asPython(value / 10 ** shift));
      const found = read(asPython(scaled));
      if (Number.isNaN(found)) left++;
      else if (!Object.is(found, scaled)) throw new Error(`${asPython(scaled)} was read as ${found}`);
    }),
    { numRuns: times, seed: 3 },
  );
  expect(left).toBeLessThan(times);
});

test("losses, rates and times as trackers write them are read without a text", () => {
  let seed = 1;
  for (let at = 0; at < times; at++) {
    seed = (seed * 16807) % 2147483647;
    const value = seed / 2147483647 / 10 ** (at % 4);
    if (value > 1e-6 && !Object.is(read(String(value)), value))
      throw new Error(`${value} was read as ${read(String(value))}`);
  }
  for (const text of [
    "1700000000123",
    "0",
    "-0",
    "0.0",
    "1e-05",
    "100",
    "9007199254740993",
    "-1.5",
    "5.",
    ".5",
    "00012",
  ])
    expect(Object.is(read(text), Number(text)), text).toBe(true);
});

test("digits of any kind, halves between two doubles too, are read as Number reads them, or left to it", () => {
  const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength: 12 });
  const exponent = fc.option(fc.tuple(fc.constantFrom("e", "E"), fc.constantFrom("", "+", "-"), fc.nat({ max: 40 })));
  fc.assert(
    fc.property(fc.constantFrom("", "-"), digits, fc.boolean(), digits, exponent, (sign, whole, point, rest, power) => {
      const text = `${sign}${whole}${point ? "." : ""}${rest}${power?.join("") ?? ""}`;
      const found = read(text);
      if (!Number.isNaN(found) && !Object.is(found, Number(text))) throw new Error(`${text} was read as ${found}`);
    }),
    { numRuns: times, seed: 4 },
  );
  // 2^53 + an odd number is halfway between two doubles, and so is what 2^k of it divide
  for (let odd = 1; odd < 4000; odd += 2)
    for (const shift of [0, 1, 2, 3]) {
      const text = String(BigInt(2 ** 53) + BigInt(odd));
      const halved = `${text.slice(0, text.length - shift)}${shift ? "." : ""}${shift ? text.slice(-shift) : ""}`;
      const found = read(halved);
      expect(Number.isNaN(found) || found === Number(halved), halved).toBe(true);
    }
});

test.each([
  "",
  "-",
  ".",
  "-.",
  "+1",
  "0x1f",
  "1_000",
  "nan",
  "inf",
  "1e",
  "1e+",
  "1.2.3",
  "1 2",
  "e5",
  "1e99999",
  "5\r",
  "１",
])("%j is left to the caller", (text) => {
  expect(read(text)).toBeNaN();
});
