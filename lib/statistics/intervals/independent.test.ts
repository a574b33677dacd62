import { expect, test } from "vitest";
import { independentDifference } from "./independent.ts";
import { wilsonInterval } from "./proportion.ts";

test("of two proportions it is Newcombe's interval for independent samples", () => {
  const of = (k: number, n: number) => ({ value: k / n, interval: wilsonInterval(k, n) });
  // Newcombe 1998, table II, example (a): 56/70 and 48/80 by method 10
  const { difference, interval } = independentDifference(of(56, 70), of(48, 80));
  expect(difference).toBeCloseTo(0.2, 12);
  expect(interval[0]).toBeCloseTo(0.0524, 4);
  expect(interval[1]).toBeCloseTo(0.3339, 4);
});

test("it is the other way round where the two change places", () => {
  const [a, b] = [
    { value: 3, interval: [2, 5] as [number, number] },
    { value: 1, interval: [0.5, 4] as [number, number] },
  ];
  const [one, other] = [independentDifference(a, b).interval, independentDifference(b, a).interval];
  expect(one[0]).toBeCloseTo(-other[1], 12);
  expect(one[1]).toBeCloseTo(-other[0], 12);
});
