import { expect, test } from "vitest";
import { restoreMask } from "./preprocessing.ts";

const normalise = "none" as const;

test("a mask that was told of a padded or resized image lies on the image as it is registered", () => {
  const padded = Uint8Array.of(9, 9, 9, 9, 9, 1, 2, 9, 9, 3, 4, 9, 9, 9, 9, 9);
  expect([...restoreMask(padded, [4, 4], { resize: null, pad: [4, 4], normalise }, [2, 2])]).toEqual([1, 2, 3, 4]);
  const small = Uint8Array.of(1, 2, 3, 4);
  const large = restoreMask(small, [2, 2], { resize: [2, 2], pad: null, normalise }, [4, 4]);
  expect([...large]).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
  const both = restoreMask(padded, [4, 4], { resize: [2, 2], pad: [4, 4], normalise }, [1, 3]);
  expect([...both]).toEqual([3, 4, 4]);
});
