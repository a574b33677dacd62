/** Search by a Gaussian process, on functions whose minima are published and with histories that are odd. */
import { expect, test } from "vitest";
import { quantileOf } from "../statistics/moments.ts";
import { ask } from "./ask.ts";
import type { Trial } from "./history.ts";
import type { Space } from "./space.ts";
import { branin, cube, hartmann, lowest } from "./test-functions.ts";

const isFull = Boolean(process.env.HOLDOUT_TEST_SLOW);
const SEEDS = isFull ? 20 : 3;

const medianOf = (of: readonly number[]): number => quantileOf(Float64Array.from(of), 0.5);

const gaps = (
  [objective, axes, minimum]: readonly [(x: number[]) => number, number, number],
  { method, trials }: { method: "tpe" | "gaussian-process"; trials: number },
): number[] =>
  Array.from(
    { length: SEEDS },
    (_, seed) => lowest([objective, axes], { method, seed: seed + 1, trials }).at(-1)! - minimum,
  );

test.each([
  ["Branin", [branin, 2, 0.397887], 0.01],
  ["Hartmann of six variables", [hartmann, 6, -3.32237], 0.15],
] as const)("on %s it comes near the published minimum in 50 trials, and nearer than the estimator", (_, on, gap) => {
  const [process, tpe] = (["gaussian-process", "tpe"] as const).map((method) => gaps(on, { method, trials: 50 }));
  expect(medianOf(process!)).toBeLessThan(gap);
  expect(medianOf(process!)).toBeLessThan(medianOf(tpe!));
});

// the lowest but one of Hartmann's minima is 0.12 above: some seeds end there
test.runIf(isFull).each([
  ["Branin", [branin, 2, 0.397887], { trials: 50, half: 2e-4, all: 2e-3 }],
  ["Hartmann of six variables", [hartmann, 6, -3.32237], { trials: 100, half: 1e-3, all: 0.13 }],
] as const)(
  "it reaches the published minimum of %s, in the median and by each of 20 seeds",
  (_, on, { trials, half, all }) => {
    const found = gaps(on, { method: "gaussian-process", trials });
    expect(medianOf(found)).toBeLessThan(half);
    expect(Math.max(...found)).toBeLessThan(all);
  },
);

const choices = (count: number): Space => [
  { name: "which", kind: "categorical", choices: Array.from({ length: count }, (_, at) => at) },
];

test("what was tried isn't tried again while something is left, and then the best is", () => {
  const history: Trial[] = [];
  const worth = (which: number) => Math.abs(which - 7);
  const next = () => {
    const values = ask(choices(15), history, { method: "gaussian-process", goal: "min", seed: 2 })!;
    history.push({ values, outcome: worth(values.which as number) });
    return values.which as number;
  };
  // ten fill the space evenly, and each of the five others is new
  const first = Array.from({ length: 10 }, next);
  const left = 15 - new Set(first).size;
  const rest = Array.from({ length: left }, next);
  expect(new Set([...first, ...rest]).size).toBe(15);
  expect([next(), next(), next()].map(worth).every((one) => one <= 1)).toBe(true);
});

test("trials that are pending aren't asked for again, also many at once", () => {
  const history: Trial[] = Array.from({ length: 12 }, (_, at) => {
    const values = { x0: (at + 0.5) / 12, x1: ((at * 5) % 12) / 12 };
    return { values, outcome: (values.x0 - 0.4) ** 2 + (values.x1 - 0.6) ** 2 };
  });
  const asked = Array.from({ length: 6 }, () => {
    const values = ask(cube(2), history, { method: "gaussian-process", goal: "min", seed: 3 })!;
    history.push({ values, outcome: "pending" });
    return [values.x0 as number, values.x1 as number] as const;
  });
  for (const [at, [x, y]] of asked.entries())
    for (const [u, v] of asked.slice(0, at)) expect(Math.hypot(x - u, y - v)).toBeGreaterThan(1e-3);
});

/** 25 trials of a bowl whose best is 0 at 0.3 and 0.5, but where `broken` says otherwise; the last ten of them. */
function lateTrials(broken: (at: { x: number; trial: number }) => Trial["outcome"] | null): Trial[] {
  const history: Trial[] = [];
  for (let trial = 0; trial < 25; trial++) {
    const values = ask(cube(2), history, { method: "gaussian-process", goal: "max", seed: 4 })!;
    const [x, y] = [values.x0 as number, values.x1 as number];
    history.push({ values, outcome: broken({ x, trial }) ?? -((x - 0.3) ** 2) - (y - 0.5) ** 2 });
  }
  return history.slice(15);
}

test("a region where trials break is left", () => {
  const late = lateTrials(({ x }) => (x > 0.6 ? "infeasible" : null));
  expect(late.filter(({ outcome }) => outcome === "infeasible").length).toBeLessThanOrEqual(3);
});

test("a value that went far astray doesn't hide the differences of the others", () => {
  const late = lateTrials(({ trial }) => (trial === 4 ? -1e9 : null));
  expect(Math.max(...late.map(({ outcome }) => outcome as number))).toBeGreaterThan(-1e-3);
});

test("of a long history the best and the newest are known, and the answer repeats itself", () => {
  const history: Trial[] = [];
  for (let trial = 0; trial < 1_000; trial++) {
    const values = ask(cube(3), history, { method: "random", goal: "min", seed: 6 })!;
    history.push({
      values,
      outcome: Object.values(values).reduce<number>((sum, x) => sum + (Number(x) - 0.3) ** 2, 0),
    });
  }
  const next = () => ask(cube(3), history, { method: "gaussian-process", goal: "min", seed: 6 })!;
  const values = next();
  expect(next()).toEqual(values);
  for (const x of Object.values(values)) expect(Math.abs(Number(x) - 0.3)).toBeLessThan(0.05);
});
