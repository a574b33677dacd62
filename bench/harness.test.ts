import { expect, test } from "vitest";
import { judge, rowOf } from "./harness.ts";

const around = (slower: number) => {
  const yardstick = { name: "a fixed loop", unit: "ms", measured: 50 * slower, quiet: 50 };
  return { loop: yardstick, query: yardstick, handler: yardstick };
};
const row = (value: number, bar: Parameters<typeof rowOf>[0]["bar"]) =>
  rowOf({ id: "1", name: "a row", unit: "ms", against: "", samples: [value], bar });

test("a bar in milliseconds moves with its yardstick on a slower machine, and a ratio's doesn't", () => {
  expect(judge(row(60, { atMost: 50, by: "loop" }), around(1))).toMatchObject({ ok: false });
  expect(judge(row(60, { atMost: 50, by: "loop" }), around(1.5))).toMatchObject({ ok: true });
  expect(judge(row(800, { atLeast: 1000, by: "loop" }), around(1.5))).toMatchObject({ ok: true });
  expect(judge(row(60, { atMost: 50 }), around(1.5))).toMatchObject({ ok: false });
  expect(judge(row(60, null), around(1.5))).toBeNull();
});

test("a faster machine makes no bar stricter", () => {
  expect(judge(row(49, { atMost: 50, by: "loop" }), around(0.5))).toMatchObject({ ok: true });
});

test("what a bar was judged by is said beside it", () => {
  expect(judge(row(60, { atMost: 50, by: "loop" }), around(2))?.bar).toBe(
    "≤ 50; here ≤ 100 (a fixed loop: 100 ms, 50 where it's quiet)",
  );
});
