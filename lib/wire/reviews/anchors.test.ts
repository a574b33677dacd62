import fc from "fast-check";
import { expect, test } from "vitest";
import { ANCHOR_MAX, type Anchor, anchorText, parseAnchor } from "./anchors.ts";

const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 60, unit: "binary" }),
  fc.constantFrom(
    "@",
    "a@1",
    "loss@12-30",
    ":",
    "config:",
    "whole",
    "a/b/c",
    "\n",
    "validation/loss@7",
    "é — 画像",
    "-",
  ),
);
const step = fc.oneof(fc.nat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER));
const series = fc.record({ split: fc.constantFrom("train", "validation", "test", null), metric: name });
const anchors: fc.Arbitrary<Anchor> = fc.oneof(
  fc.constant<Anchor>({ kind: "whole" }),
  fc.record({ kind: fc.constantFrom("config", "sample"), key: name }),
  fc.record({ kind: fc.constantFrom("class", "panel"), name }),
  fc.record({ kind: fc.constant("point" as const), series, step }),
  fc
    .record({ series, ends: fc.tuple(step, step) })
    .map(({ series, ends: [a, b] }) => ({ kind: "range" as const, series, from: Math.min(a, b), to: Math.max(a, b) })),
  fc.uuid().map((id) => ({ kind: "ruling" as const, id })),
) as fc.Arbitrary<Anchor>;

test("every anchor is read back as it was written, whatever stands in its names", () => {
  fc.assert(
    fc.property(anchors, (anchor) => {
      expect(parseAnchor(anchorText(anchor))).toEqual(anchor);
    }),
  );
});

test("what is read is written again as the same text", () => {
  const texts = fc.oneof(fc.string(), anchors.map(anchorText));
  fc.assert(
    fc.property(texts, (text) => {
      const anchor = parseAnchor(text);
      if (anchor) expect(anchorText(anchor)).toBe(text);
    }),
  );
});

test.each([
  "",
  "config",
  "config:",
  "other:a",
  "point:loss@1",
  "point:validation/@1",
  "point:validation/loss",
  "point:validation/loss@01",
  "point:validation/loss@-1",
  "point:validation/loss@9007199254740993",
  "range:validation/loss@7-3",
  "range:dev/loss@3-7",
  "ruling:nobody",
  `class:${"x".repeat(ANCHOR_MAX)}`,
])("%j names no place", (text) => {
  expect(parseAnchor(text)).toBeNull();
});
