import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pace } from "./pace.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("the first call is made at once, a burst after it as one at the end of the pause", async () => {
  let calls = 0;
  const { ask } = pace(() => calls++, 250);
  ask();
  expect(calls).toBe(1);
  for (let index = 0; index < 50; index++) ask();
  await vi.advanceTimersByTimeAsync(249);
  expect(calls).toBe(1);
  await vi.advanceTimersByTimeAsync(2);
  expect(calls).toBe(2);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(calls).toBe(2);
});

test("slow work isn't begun a second time before it has ended", async () => {
  const ends: (() => void)[] = [];
  const { ask } = pace(() => new Promise<void>((end) => ends.push(end)), 250);
  ask();
  ask();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ends.length).toBe(1);
  ends[0]!();
  await vi.advanceTimersByTimeAsync(1);
  expect(ends.length).toBe(2);
});

test("nothing runs after stop, not even what was asked for before", async () => {
  let calls = 0;
  const { ask, stop } = pace(() => calls++, 250);
  ask();
  ask();
  stop();
  ask();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(calls).toBe(1);
});
