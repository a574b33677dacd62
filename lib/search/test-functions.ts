/** Functions whose minima are published, and what searches come to on them. */
import { quantileOf } from "../statistics/moments.ts";
import { ask, type SearchMethod } from "./ask.ts";
import type { Trial } from "./history.ts";
import type { Space } from "./space.ts";

export const cube = (axes: number): Space =>
  Array.from(
    { length: axes },
    (_, axis) => ({ name: `x${axis}`, kind: "float", low: 0, high: 1, scale: "linear" }) as const,
  );

/** Branin's function on [0, 1]², whose minimum is 0.397887 (Dixon and Szegő 1978). */
export function branin([u, v]: number[]): number {
  const [x, y] = [15 * u! - 5, 15 * v!];
  return (
    (y - (5.1 * x * x) / (4 * Math.PI ** 2) + (5 * x) / Math.PI - 6) ** 2 +
    10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
    10
  );
}

/** Hartmann's function of six variables, whose minimum is −3.32237 (Dixon and Szegő 1978). */
const [hartmannA, hartmannP, hartmannC] = [
  [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ],
  [
    [1312, 1696, 5569, 124, 8283, 5886],
    [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650],
    [4047, 8828, 8732, 5743, 1091, 381],
  ],
  [1, 1.2, 3, 3.2],
] as const;
export const hartmann = (x: number[]): number =>
  -hartmannC.reduce(
    (sum, c, row) =>
      sum +
      c * Math.exp(-hartmannA[row]!.reduce((all, a, at) => all + a * (x[at]! - hartmannP[row]![at]! / 10_000) ** 2, 0)),
    0,
  );

/** The lowest value after each trial. */
export function lowest(
  [objective, axes]: readonly [(x: number[]) => number, number],
  { method, seed, trials }: { method: SearchMethod; seed: number; trials: number },
): number[] {
  const history: Trial[] = [];
  let best = Number.POSITIVE_INFINITY;
  return Array.from({ length: trials }, () => {
    const values = ask(cube(axes), history, { method, goal: "min", seed })!;
    const outcome = objective(Object.values(values) as number[]);
    history.push({ values, outcome });
    best = Math.min(best, outcome);
    return best;
  });
}

/** The median over the seeds 1 … of the lowest after all trials. */
export const medianLowest = (
  on: readonly [(x: number[]) => number, number],
  { method, seeds, trials }: { method: SearchMethod; seeds: number; trials: number },
): number =>
  quantileOf(
    Float64Array.from({ length: seeds }, (_, seed) => lowest(on, { method, seed: seed + 1, trials }).at(-1)!),
    0.5,
  );
