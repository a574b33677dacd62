import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { BATCH_POINTS, PointBuffer } from "./point-buffer.ts";

const entry = fc.record({
  split: fc.constantFrom("train" as const, "validation" as const, null),
  step: fc.integer({ min: 0, max: 6 }),
  metrics: fc.dictionary(fc.constantFrom("loss", "accuracy", "rate"), fc.double(), { minKeys: 1 }),
});

it("hands out every value once, and the last one written to a step comes last", () => {
  fc.assert(
    fc.property(fc.array(fc.array(entry, { maxLength: 30 }), { maxLength: 4 }), (takes) => {
      const buffer = new PointBuffer(Object.keys);
      for (const entries of takes) {
        const expected = new Map<string, number>();
        let points = 0;
        for (const [time, { split, step, metrics }] of entries.entries()) {
          buffer.append(split, step, time, metrics);
          for (const [name, value] of Object.entries(metrics)) {
            expected.set(`${split}/${name}/${step}`, value);
            points++;
          }
        }
        expect(buffer.points).toBe(points);
        const found = new Map<string, number>();
        let handedOut = 0;
        buffer.take((groups) => {
          for (const { split, steps, metrics } of groups)
            for (const [name, values] of metrics)
              for (const [at, value] of values.entries()) {
                found.set(`${split}/${name}/${steps[at]}`, value);
                handedOut++;
              }
        });
        expect(handedOut).toBe(points);
        expect(found).toEqual(expected);
      }
    }),
    { seed: 11 },
  );
});

it("is full at the points and the groups that one batch holds", () => {
  const buffer = new PointBuffer(Object.keys);
  for (let step = 0; step < BATCH_POINTS - 1; step++) buffer.append("train", step, 0, { loss: 0 });
  expect(buffer.full).toBe(false);
  buffer.append("train", BATCH_POINTS, 0, { loss: 0 });
  expect(buffer.full).toBe(true);
  buffer.take(() => {});
  for (let name = 0; name < 1000; name++) buffer.append(null, 0, 0, { [name]: 0 });
  expect(buffer.full).toBe(true);
});

it("takes metrics that were logged together before without their names, and no others", () => {
  const namesOf = vi.fn((_metrics: Record<string, number>): string[] => []);
  const buffer = new PointBuffer(namesOf);
  const isKnown = (split: "train" | "validation", step: number, metrics: Record<string, number>) => {
    const before = namesOf.mock.calls.length;
    buffer.append(split, step, 0, metrics);
    return namesOf.mock.calls.length === before;
  };
  namesOf.mockReturnValueOnce(["loss", "rate"]);
  expect(isKnown("train", 0, { loss: 1, rate: 2 })).toBe(false);
  expect(isKnown("train", 1, { loss: 3, rate: 4 })).toBe(true);
  expect(isKnown("validation", 2, { loss: 3, rate: 4 })).toBe(false);
  expect(isKnown("train", 2, { loss: 3 })).toBe(false);
  expect(isKnown("train", 2, { rate: 4, loss: 3 })).toBe(false);
  expect(isKnown("train", 2, { loss: 3, rate: 4, more: 5 })).toBe(false);
  expect(isKnown("train", 2, { loss: 3, rate: "4" as unknown as number })).toBe(false);
  buffer.take((groups, points) => {
    expect(points).toBe(4);
    expect([...groups[0]!.metrics.get("rate")!]).toEqual([2, 4]);
  });
});
