import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../statistics/random.ts";
import { type HashColumns, NO_HASH, nominateImages } from "./near-images.ts";

/** Random hashes, some of them a few bits away from an earlier one or from its mirror image. */
function hashes(seed: number, n: number): HashColumns {
  const random = seededRandom(seed);
  const word = () => Math.floor(random() * 2 ** 32);
  const columns: HashColumns = {
    ...{ high: new Int32Array(n), low: new Int32Array(n) },
    ...{ mirrorHigh: new Int32Array(n), mirrorLow: new Int32Array(n), split: new Uint8Array(n) },
  };
  for (let row = 0; row < n; row++) {
    const from = row > 0 && random() < 0.5 ? Math.floor(random() * row) : null;
    const turned = random() < 0.3;
    const flips = Math.floor(random() * 9);
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
function bruteForce({ high, low, mirrorHigh, mirrorLow, split }: HashColumns, distance: number): string[] {
  const found = new Set<string>();
  for (let a = 0; a < split.length; a++)
    for (let b = a + 1; b < split.length; b++) {
      if (split[a] === NO_HASH || split[b] === NO_HASH || split[a] === split[b]) continue;
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
      const { pairs, stopped } = nominateImages(columns, distance, Number.POSITIVE_INFINITY, rowsAtOnce);
      expect(stopped).toBe(false);
      const found = pairs.map(({ a, b, distance: apart, mirrored }) => `${a} ${b} ${apart} ${mirrored}`);
      expect(found.sort()).toEqual(bruteForce(columns, distance));
    }),
    { numRuns: process.env.HOLDOUT_TEST_SLOW ? 200 : 20 },
  );
});

test("the search ends when too many rows are nominated", () => {
  const columns = hashes(3, 400);
  const { stopped, samples } = nominateImages(columns, 5, 10);
  expect(stopped).toBe(true);
  expect(samples).toBeLessThanOrEqual(12);
});
