import fc from "fast-check";
import { expect, test } from "vitest";
import { placeBeside } from "./beside.ts";

const page = { width: 1000, height: 600 };
const words = { width: 200, height: 100 };

test.each([
  ["right of the pointer", { x: 500, y: 300 }, { left: 514, top: 250 }],
  ["left of it at the right edge", { x: 900, y: 300 }, { left: 686, top: 250 }],
  ["lower at the top", { x: 500, y: 10 }, { left: 514, top: 4 }],
  ["higher at the foot", { x: 500, y: 590 }, { left: 514, top: 496 }],
])("words stand %s", (_, pointer, place) => {
  expect(placeBeside(pointer, words, page)).toEqual(place);
});

test("words that fit beside the pointer on neither side stand below it, or above it at the foot", () => {
  const phone = { width: 300, height: 600 };
  expect(placeBeside({ x: 150, y: 100 }, words, phone)).toEqual({ left: 50, top: 114 });
  expect(placeBeside({ x: 150, y: 560 }, words, phone)).toEqual({ left: 50, top: 446 });
});

test("words are never cut off, and never under the pointer of a window that has room beside it", () => {
  const length = (max: number) => fc.integer({ min: 1, max });
  fc.assert(
    fc.property(
      fc.record({ width: length(900), height: length(500) }),
      fc.record({ x: length(1000), y: length(600) }),
      (size, pointer) => {
        const { left, top } = placeBeside(pointer, size, page);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(left + size.width).toBeLessThanOrEqual(page.width);
        expect(top + size.height).toBeLessThanOrEqual(page.height);
        const isUnder =
          pointer.x >= left && pointer.x <= left + size.width && pointer.y >= top && pointer.y <= top + size.height;
        if (size.width < 450) expect(isUnder).toBe(false);
      },
    ),
  );
});
