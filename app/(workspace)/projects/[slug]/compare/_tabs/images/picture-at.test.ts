import { expect, test } from "vitest";
import { pictureAt, stepsOf } from "./picture-at.ts";

const pictures = [
  [10, "images/a/000000010.png"],
  [30, "images/a/30.png"],
] as const;

test.each([
  [9, null],
  [10, { step: 10, path: "images/a/000000010.png" }],
  [29, { step: 10, path: "images/a/000000010.png" }],
  [30, { step: 30, path: "images/a/30.png" }],
  [99, { step: 30, path: "images/a/30.png" }],
])("at step %s stands the picture of the nearest step that isn't later", (step, expected) => {
  expect(pictureAt(pictures, step)).toEqual(expected);
});

test("the slider has every step once, in order", () => {
  expect(
    stepsOf([
      pictures,
      [
        [20, "b"],
        [30, "c"],
      ],
      [],
    ]),
  ).toEqual([10, 20, 30]);
  expect(pictureAt([], 5)).toBeNull();
});
