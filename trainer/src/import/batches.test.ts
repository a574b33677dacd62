import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBatch } from "../../../lib/wire/points/batch.ts";
import { seriesKey } from "../../../lib/wire/points/series-name.ts";
import { batchesOf } from "./batches.ts";
import { Series } from "./series.ts";

const writer = "0199f3a2-1c00-7000-8000-0000000000bb";
const decoded = (series: Series[]) => [...batchesOf(writer, series)].map(({ bytes }) => decodeBatch(bytes()));

const points = fc.array(fc.tuple(fc.nat(5), fc.nat(3), fc.double()), { maxLength: 30 });

test("every point is in one batch, once and with its time, and of a step written again the later one comes last", () => {
  fc.assert(
    fc.property(fc.array(points, { maxLength: 5 }), fc.boolean(), (given, isShared) => {
      // series that were logged together have the same steps and times
      const all = isShared ? [...given, ...given] : given;
      const series = all.map((rows, at) => {
        const one = new Series(null, `m${at}`);
        for (const [step, time, value] of rows) one.append(step, time, value);
        return one;
      });
      const found = new Map(series.map((one): [string, number[][]] => [seriesKey(one), []]));
      for (const [at, { sequence, groups }] of decoded(series).entries()) {
        expect(sequence).toBe(at + 1);
        for (const { split, steps, times, metrics } of groups) {
          expect(steps.every((step, place) => place === 0 || step > steps[place - 1]!)).toBe(true);
          for (const [metric, values] of metrics)
            found
              .get(seriesKey({ split, metric }))!
              .push(...[...values].map((value, place) => [steps[place]!, times[place]!, value]));
        }
      }
      expect([...found.values()]).toEqual(all);
    }),
    { seed: 5, numRuns: 60 },
  );
});

test("a batch holds no more than the server takes, and series that share their steps share a column", () => {
  const series = Array.from({ length: 3 }, (_, at) => {
    const one = new Series("train", `m${at}`);
    for (let step = 0; step < 40_000; step++) one.append(step, step, at);
    return one;
  });
  const batches = decoded(series);
  expect(batches.map(({ groups }) => groups.map(({ steps, metrics }) => [steps.length, metrics.size]))).toEqual([
    [[16_666, 3]],
    [[16_666, 3]],
    [[6_668, 3]],
  ]);
});
