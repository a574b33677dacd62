import { expect, test } from "vitest";
import { locks } from "./locks.ts";

test("no two purposes wait for each other by the number of their lock", () => {
  const numbers = Object.values(locks);
  expect(new Set(numbers).size).toBe(numbers.length);
});
