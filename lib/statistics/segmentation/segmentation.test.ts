import fc from "fast-check";
import { expect, test } from "vitest";
import { isUndefined } from "../measured.ts";
import { seededRandom } from "../resampling/random.ts";
import type { BinaryMask } from "./binary-mask.ts";
import { boundaryF1 } from "./boundary-f1.ts";
import { boundaryIou } from "./boundary-iou.ts";
import { imageMeanIou, meanIou, overlapByClass, weightedIou } from "./overlap.ts";
import { pixelConfusion, summedConfusion, weightedConfusion } from "./pixels.ts";

const seeded = { seed: 7 };
const classes = 3;
const mask = fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: 12, maxLength: 12 });
const images = fc.array(fc.tuple(mask, mask), { minLength: 1, maxLength: 5 });

/** A mask of blobs, so that it has an inside and an edge. */
function blobs(width: number, height: number, seed: number): BinaryMask {
  const random = seededRandom(seed);
  const discs = Array.from({ length: 3 }, () => [random() * width, random() * height, 2 + random() * 6] as const);
  const pixels = Uint8Array.from({ length: width * height }, (_, at) =>
    discs.some(([x, y, r]) => ((at % width) - x) ** 2 + (Math.floor(at / width) - y) ** 2 < r * r) ? 1 : 0,
  );
  return { width, height, pixels };
}

test("Dice is 2·IoU/(1 + IoU), and means stay within the classes'", () => {
  fc.assert(
    fc.property(images, (pairs) => {
      const confusions = pairs.map(([truth, prediction]) => pixelConfusion(truth, prediction, { classes }));
      const all = summedConfusion(confusions);
      const ious: number[] = [];
      for (const { iou, dice } of overlapByClass(all)) {
        if (isUndefined(iou)) continue;
        ious.push(iou);
        expect(dice).toBeCloseTo((2 * iou) / (1 + iou), 12);
      }
      expect(meanIou(all)).toBeCloseTo(ious.reduce((a, b) => a + b, 0) / ious.length, 12);
      expect(weightedIou(all)).toBeLessThanOrEqual(Math.max(...ious) + 1e-12);
      const weighted = new Float64Array(classes * classes);
      weightedConfusion(confusions, new Array(pairs.length).fill(1), weighted);
      expect([...weighted]).toEqual([...Array.from(all.cells)]);
    }),
    seeded,
  );
});

test("a class that occurs nowhere is undefined and left out of the mean; ignored pixels count for none", () => {
  const confusion = pixelConfusion([0, 1, 255, 1], [0, 1, 2, 1], { classes: 3, ignored: 255 });
  expect(overlapByClass(confusion)[2]!.iou).toEqual({
    undefined: "class-nowhere",
  });
  expect(meanIou(confusion)).toBe(1);
  const empty = pixelConfusion([255], [0], { classes: 3, ignored: 255 });
  expect(meanIou(empty)).toEqual({ undefined: "no-pixel" });
  expect(imageMeanIou([confusion, empty])).toEqual({ mean: 1, left: 1 });
  expect(imageMeanIou([empty])).toEqual({ mean: { undefined: "no-pixel" }, left: 1 });
  expect(() => pixelConfusion([0, 7], [0, 1], { classes: 3 })).toThrow("1 of 2 pixels hold no class in 0–2; at 1");
});

test("a boundary matches itself, and turning truth and prediction round swaps precision and recall", () => {
  for (let seed = 1; seed <= 6; seed++) {
    const [a, b] = [blobs(30, 24, seed), blobs(30, 24, seed + 50)];
    expect(boundaryF1(a, a, 0).f1).toBe(1);
    expect(boundaryIou(a, a)).toBe(1);
    const [there, back] = [boundaryF1(a, b, 2), boundaryF1(b, a, 2)];
    expect(there.precision).toBe(back.recall);
    expect(boundaryIou(a, b, 2)).toBe(boundaryIou(b, a, 2));
    // a wider tolerance finds no fewer
    expect(boundaryF1(a, b, 4).f1).toBeGreaterThanOrEqual(there.f1 as number);
  }
});

test("boundary IoU erodes as one pixel after the other does", () => {
  const eroded = ({ width, height, pixels }: BinaryMask, times: number): number[] => {
    let now = Array.from(pixels);
    for (let round = 0; round < times; round++) {
      const before = now;
      const isSet = (x: number, y: number) =>
        x >= 0 && y >= 0 && x < width && y < height && before[y * width + x] === 1;
      now = before.map((_, at) => {
        const [x, y] = [at % width, Math.floor(at / width)];
        for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) if (!isSet(x + dx, y + dy)) return 0;
        return 1;
      });
    }
    return now;
  };
  for (const distance of [1, 2, 3]) {
    const [a, b] = [blobs(26, 31, distance), blobs(26, 31, distance + 9)];
    const rim = (one: BinaryMask) => {
      const inner = eroded(one, distance);
      return Array.from(one.pixels, (pixel, at) => pixel - inner[at]!);
    };
    const [rimA, rimB] = [rim(a), rim(b)];
    const both = rimA.filter((pixel, at) => pixel && rimB[at]).length;
    const either = rimA.filter((pixel, at) => pixel || rimB[at]).length;
    expect(boundaryIou(a, b, distance)).toBe(both / either);
  }
});

test("empty masks leave boundaries undefined, one empty mask is wholly wrong", () => {
  const empty = { width: 5, height: 5, pixels: new Uint8Array(25) };
  const full = { width: 5, height: 5, pixels: new Uint8Array(25).fill(1) };
  expect(boundaryF1(empty, empty).f1).toEqual({ undefined: "no-boundary" });
  expect(boundaryF1(full, empty).f1).toBe(0);
  expect(boundaryIou(empty, empty)).toEqual({ undefined: "masks-empty" });
  expect(boundaryIou(full, empty)).toBe(0);
  expect(() => boundaryF1(full, { ...full, width: 4 })).toThrow("the masks are 5 × 5 and 4 × 5 pixels");
});
