import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../statistics/resampling/random.ts";
import { likeness } from "./image-likeness.ts";
import { findAxes, PIXELS, PLACE, placeOf } from "./image-space.ts";
import { PlaceTree } from "./place-tree.ts";

/** Thumbnails of a few shapes with noise of many sizes: some nearly the same, most not. */
function drawn(seed: number, n: number): Uint8Array {
  const random = seededRandom(seed);
  const shapes = Array.from({ length: 5 }, () => Float64Array.from({ length: PIXELS }, () => 255 * random()));
  const greys = new Uint8Array(n * PIXELS);
  for (let row = 0; row < n; row++) {
    const shape = shapes[Math.floor(random() * shapes.length)]!;
    const noise = 120 * random() ** 2;
    for (let at = 0; at < PIXELS; at++)
      greys[row * PIXELS + at] = Math.max(0, Math.min(255, shape[at]! + noise * (random() - 0.5)));
  }
  return greys;
}

test("the search among places misses no pair that is as alike as was asked", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(0.9, 0.98, 0.995), (seed, least) => {
      const n = 150;
      const greys = drawn(seed, n);
      const axes = findAxes(greys, seed);
      const places = new Float32Array(n * PLACE);
      for (let row = 0; row < n; row++) placeOf(greys, row * PIXELS, { axes, places, to: row * PLACE });
      const tree = new PlaceTree(
        places,
        Uint32Array.from({ length: n }, (_, row) => row),
      );
      for (let row = 0; row < n; row += 5) {
        const near = new Set<number>();
        tree.within(places.subarray(row * PLACE, (row + 1) * PLACE), 2 - 2 * least, (other) => near.add(other));
        const grey = greys.subarray(row * PIXELS, (row + 1) * PIXELS);
        for (let other = 0; other < n; other++)
          if (likeness(grey, greys, { from: other * PIXELS }) >= least) expect(near).toContain(other);
      }
    }),
    { numRuns: process.env.HOLDOUT_TEST_SLOW ? 100 : 5 },
  );
});
