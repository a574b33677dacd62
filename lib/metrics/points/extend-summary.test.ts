import fc from "fast-check";
import { expect, test } from "vitest";
import type { PointColumns } from "../../wire/points/points.ts";
import { resolveParts } from "../uncompacted-batches.ts";
import { envelope } from "./envelope.ts";
import { emptySummary, extendSummary } from "./extend-summary.ts";

const seed = 7;
const point = fc.tuple(
  fc.integer({ min: 0, max: 60 }),
  fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY)),
);
const columnsOf = (points: [number, number][]): PointColumns => ({
  steps: Float64Array.from(points, ([step]) => step),
  times: Float64Array.from(points, (_, index) => index),
  values: Float64Array.from(points, ([, value]) => value),
});
/** What a plain map would hold: the last write to a step. */
const modelOf = (points: [number, number][]) => [...new Map(points).entries()].sort(([a], [b]) => a - b);

test("parts in any order and any pieces resolve to what a plain map holds", () => {
  fc.assert(
    fc.property(fc.array(fc.array(point, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 8 }), (parts) => {
      const pointsOf = (part: [number, number][]) => ({ ...columnsOf(part), writers: new Float64Array(part.length) });
      const { points, overwritten } = resolveParts(parts.map(pointsOf));
      const model = modelOf(parts.flat());
      expect([...points.steps]).toEqual(model.map(([step]) => step));
      expect([...points.values]).toEqual(model.map(([, value]) => value));
      expect(overwritten.count).toBe(parts.flat().length - model.length);
    }),
    { seed },
  );
});

test("a summary extended piece by piece equals one of the whole, and a recount", () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 60 }), fc.nat(), (points, cut) => {
      const sorted = modelOf(points);
      const at = cut % (sorted.length + 1);
      const [first, second] = [columnsOf(sorted.slice(0, at)), columnsOf(sorted.slice(at))];
      const head = extendSummary(emptySummary, first);
      const pieces = extendSummary(head, second);
      expect(pieces).toEqual(extendSummary(emptySummary, columnsOf(sorted)));
      const finite = sorted.filter(([, value]) => Number.isFinite(value));
      expect(pieces.count).toBe(sorted.length);
      expect(pieces.nonFiniteCount).toBe(sorted.length - finite.length);
      const lowest = finite.length > 0 ? Math.min(...finite.map(([, value]) => value)) : null;
      expect(pieces.min).toBe(lowest);
      expect(pieces.minStep).toBe(finite.find(([, value]) => value === lowest)?.[0] ?? null);
      expect(pieces.last).toBe(sorted.at(-1)?.[1]);
    }),
    { seed },
  );
});

test("an envelope holds real points only, at most five a pixel, and every pixel's lowest and highest", () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 200 }), fc.integer({ min: 1, max: 10 }), (points, px) => {
      const all = columnsOf(modelOf(points));
      const shown = envelope(all, px);
      if (all.steps.length <= 4 * px) {
        expect(shown).toBe(all);
        return;
      }
      expect(shown.steps.length).toBeLessThanOrEqual(5 * px);
      for (const [index, step] of shown.steps.entries())
        expect(shown.values[index]).toBe(all.values[all.steps.indexOf(step)]);
      const finite = [...all.values].filter(Number.isFinite);
      if (finite.length > 0) {
        expect(shown.values).toContain(Math.min(...finite));
        expect(shown.values).toContain(Math.max(...finite));
      }
      expect(shown.steps[0]).toBe(all.steps[0]);
      expect(shown.steps.at(-1)).toBe(all.steps.at(-1));
    }),
    { seed },
  );
});

test("a spike of one step in a hundred thousand is in the envelope at its own step", () => {
  const steps = Float64Array.from({ length: 100_000 }, (_, step) => step);
  const values = steps.map((step) => (step === 54_321 ? 1e9 : Math.sin(step)));
  const shown = envelope({ steps, times: steps, values }, 100);
  expect(shown.values[shown.steps.indexOf(54_321)]).toBe(1e9);
});
