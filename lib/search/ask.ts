/** What to try next. Pure: the same space, history and seed give the same answer everywhere. */

import { InputError } from "../statistics/inputs.ts";
import { seededRandom, seedOf } from "../statistics/resampling/random.ts";
import { askProcess } from "./ask-process.ts";
import { gridAt, gridSize } from "./grid.ts";
import { HALTON_AXES_MAX, scrambledHaltonPoint } from "./halton.ts";
import { type Goal, ranked, type Trial } from "./history.ts";
import { type Assignment, requireSpace, type Space, valuesAt } from "./space.ts";
import { askTpe } from "./tpe.ts";

/**
 * `quasi-random`: scrambled Halton, for exploring; `tpe` and `gaussian-process`: adaptive, for exploiting: their trials say
 * nothing of what matters.
 */
export const searchMethods = ["grid", "random", "quasi-random", "tpe", "gaussian-process"] as const;
export type SearchMethod = (typeof searchMethods)[number];
export type Search = {
  method: SearchMethod;
  goal: Goal;
  seed: number;
  /** Values of each range of a grid. */
  steps?: number;
};

/** Before so many trials have ended there is nothing to learn from: they fill the space evenly. */
const STARTING = 10;
const STEPS = 4;

/** Throws `InputError` for a space that can't be, or that the method can't search. */
export function requireSearch(space: Space, { method, steps = STEPS }: Pick<Search, "method" | "steps">): void {
  requireSpace(space);
  if (method === "grid") gridSize(space, steps);
  else if (method !== "random" && space.length > HALTON_AXES_MAX)
    throw new InputError(
      `${space.length} parameters; quasi-random points, which ${method} begins with, fill at most ${HALTON_AXES_MAX}: search at random`,
    );
}

/** The values of the next trial; null: a grid has no further one. Throws `InputError` for a space that can't be. */
export function ask(space: Space, history: readonly Trial[], search: Search): Assignment | null {
  requireSearch(space, search);
  const { method, goal, seed, steps = STEPS } = search;
  const index = history.length;
  if (method === "grid") return gridAt(space, steps, index);
  if (method === "random") {
    const random = seededRandom(seedOf(seed, `random ${index}`));
    return valuesAt(
      space,
      space.map(() => random()),
    );
  }
  const askBy = { tpe: askTpe, "gaussian-process": askProcess, "quasi-random": null }[method];
  if (askBy && ranked(history, goal).length >= STARTING) return askBy(space, history, { goal, seed });
  return valuesAt(space, scrambledHaltonPoint(index + 1, space.length, seed));
}
