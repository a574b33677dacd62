import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../statistics/resampling/random.ts";
import { type HashColumns, type Limits, NO_HASH, nominateImages } from "./near-images.ts";

const none: Limits = { samples: Infinity, pairs: Infinity, comparisons: Infinity };

/** Random hashes, some of them a few bits away from an earlier one or from its mirror image. */
function hashes(seed: number, n: number): HashColumns {
  const random = seededRandom(seed);
  const word = () => Math.floor(random() * 2 ** 32);
  const columns: HashColumns = {
    high: new Int32Array(n),
    low: new Int32Array(n),
    mirrorHigh: new Int32Array(n),
    mirrorLow: new Int32Array(n),
    split: new Uint8Array(n),
    content: Int32Array.from({ length: n }, (_, row) => row),
  };
  for (let row = 0; row < n; row++) {
    const from = row > 0 && random() < 0.5 ? Math.floor(random() * row) : null;
    const turned = random() < 0.3;
    const flips = random() < 0.2 ? 0 : Math.floor(random() * 9);
    let high = from === null ? word() : (turned ? columns.mirrorHigh : columns.high)[from]!;
    let low = from === null ? word() : (turned ? columns.mirrorLow : columns.low)[from]!;
    for (let flip = 0; flip < flips; flip++) {
      const bit = Math.floor(random() * 64);
      if (bit < 32) high = (high ^ (1 << bit)) >>> 0;
      else low = (low ^ (1 << (bit - 32))) >>> 0;
    }
    columns.high[row] = high;
    columns.low[row] = low;
    columns.mirrorHigh[row] = word();
    columns.mirrorLow[row] = word();
    // some share a content with an earlier one, half of them the hash as well
    if (from !== null && random() < 0.2) columns.content[row] = columns.content[from]!;
    columns.split[row] = random() < 0.05 ? NO_HASH : Math.floor(random() * 3);
  }
  return columns;
}

const distanceOf = (a: number, b: number): number =>
  ((a ^ b) >>> 0)
    .toString(2)
    .split("")
    .filter((bit) => bit === "1").length;

/** Every pair compared with every other. */
function bruteForce({ high, low, mirrorHigh, mirrorLow, content, split }: HashColumns, distance: number): string[] {
  const found = new Set<string>();
  const same = (a: number, b: number) =>
    [high, low, content, split].every((column: ArrayLike<number>) => column[a] === column[b]);
  const isCopy = (row: number) => content.some((_, before) => before < row && same(before, row));
  const copies = Uint8Array.from(split, (_, row) => Number(isCopy(row)));
  for (let a = 0; a < split.length; a++)
    for (let b = a + 1; b < split.length; b++) {
      if (split[a] === NO_HASH || split[b] === NO_HASH || split[a] === split[b] || content[a] === content[b]) continue;
      if (copies[a] || copies[b]) continue;
      const apart = distanceOf(high[a]!, high[b]!) + distanceOf(low[a]!, low[b]!);
      const mirrored = distanceOf(mirrorHigh[a]!, high[b]!) + distanceOf(mirrorLow[a]!, low[b]!);
      if (apart <= distance) found.add(`${a} ${b} ${apart} false`);
      if (mirrored <= distance) found.add(`${a} ${b} ${mirrored} true`);
    }
  return [...found].sort();
}

test.each([2, 5])("bands find each pair within distance %i once, as comparing all with all does", (distance) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(1000, 120, 50), (seed, rowsAtOnce) => {
      const columns = hashes(seed, 120);
      const { pairs, stopped } = nominateImages(columns, distance, none, rowsAtOnce);
      expect(stopped).toBe(null);
      const found = pairs.map(({ a, b, distance: apart, mirrored }) => `${a} ${b} ${apart} ${mirrored}`);
      expect(found.sort()).toEqual(bruteForce(columns, distance));
    }),
    // a copy whose mirror image came up before the copy was dropped
    { numRuns: process.env.HOLDOUT_TEST_SLOW ? 200 : 3, examples: [[254_549, 50]] },
  );
});

test("the search ends when too many rows are nominated", () => {
  const { stopped, samples } = nominateImages(hashes(3, 400), 5, { ...none, samples: 10 });
  expect(stopped).toBe("samples");
  expect(samples).toBeLessThanOrEqual(12);
});

/** Rows of one hash, in train and test in turn, each of another content. */
const alike = (n: number): HashColumns => ({
  high: new Int32Array(n).fill(77),
  low: new Int32Array(n).fill(5),
  mirrorHigh: new Int32Array(n).fill(-9),
  mirrorLow: new Int32Array(n).fill(4),
  content: Int32Array.from({ length: n }, (_, row) => row),
  split: Uint8Array.from({ length: n }, (_, row) => (row % 2) * 2),
});

test("equal contents are no near duplicates: they neither stand among the pairs nor use up a limit", () => {
  const columns = alike(3000);
  columns.content.fill(1, 0, 2998);
  const { pairs, stopped } = nominateImages(columns, 5, { samples: 4, pairs: 3, comparisons: 50_000 });
  expect(stopped).toBe(null);
  // the two other contents with the first copy in the other split, and with each other
  expect(pairs.map(({ a, b }) => `${a} ${b}`).sort()).toEqual(["0 2999", "1 2998", "2998 2999"]);
});

test("the search ends at so many pairs, of however few rows", () => {
  const { pairs, samples, stopped } = nominateImages(alike(2000), 5, { ...none, pairs: 900 });
  expect({ pairs: pairs.length, samples, stopped }).toEqual({ pairs: 900, samples: 901, stopped: "pairs" });
});

test("the search ends where one hash is that of very many rows, though all of them stand in one split", () => {
  const columns = alike(2000);
  columns.split.fill(0);
  const { pairs, stopped } = nominateImages(columns, 5, { ...none, comparisons: 1e6 });
  expect({ pairs: pairs.length, stopped }).toEqual({ pairs: 0, stopped: "comparisons" });
});
