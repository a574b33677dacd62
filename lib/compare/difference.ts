/** How far a metric of compared runs lies from the baseline's, and whether that is more than noise. Pure. */
import { adjustP } from "../statistics/corrections/adjust-p.ts";
import { tQuantileQuick, tTwoSided } from "../statistics/distributions/student-t.ts";
import { welchError } from "../statistics/hypothesis-tests/welch.ts";
import type { Direction } from "../wire/base/words.ts";
import type { Difference, DifferenceKind, RecipeSpread } from "../wire/comparison.ts";

/** One cell of a row. `value`: of the run itself, null without one or where it isn't finite. */
export type Compared = {
  value: number | null;
  /** Of its replicates, itself among them; null: none has finished. */
  recipe: RecipeSpread | null;
  /** Tells recipes apart; null: nobody knows. */
  recipeKey: string | null;
  /** Something bars a verdict. */
  isBarred: boolean;
};
type Direct = { direction: Direction | null /** In the metric's unit; null: nobody said. */; smallest: number | null };

const ALPHA = 0.05;
const POWER = 0.8;
const none = { delta: null, low: null, high: null, detectable: null, p: null };

/**
 * Each cell against the one at `baseline`. Means of replicates are compared where a recipe was run twice or more, by
 * Welch's interval; where only one of the two was, with the other's spread for both. p is Holm's over the row, RIGOUR 4.6.
 * Assumes nearly normal noise of seeds.
 */
export function compareRow(
  cells: readonly Compared[],
  baseline: number,
  asked: Direct,
): { differences: Difference[]; family: number } {
  const base = cells[baseline]!;
  // replicates of one recipe come to one test
  const ofRecipe = new Map<string, Tested>();
  const tested = cells.map((cell, at) => {
    if (at === baseline) return null;
    const isMean = cell.recipe !== null && cell.recipe.n >= 2 && !isSameRecipe(cell, base);
    const key = isMean && cell.recipeKey !== null ? `${cell.recipeKey} ${cell.isBarred}` : null;
    const known = key === null ? undefined : ofRecipe.get(key);
    const test = known ?? testOf(cell, base);
    if (key !== null) ofRecipe.set(key, test);
    return test;
  });
  // what is one test counts once in the family, however many columns show it
  const family = [...new Set(tested)].filter((one): one is Tested & { p: number } => one !== null && one.p !== null);
  const adjusted = adjustP(
    family.map(({ p }) => p),
    "holm",
  );
  const holm = new Map<Tested, number>(family.map((one, at) => [one, adjusted[at]!]));
  const differences = cells.map((cell, index): Difference => {
    const test = tested[index];
    if (!test) return { ...none, kind: "baseline" };
    const p = holm.get(test) ?? null;
    const { delta, low, high, detectable } = test;
    return { kind: kindOf(cell, base, { ...test, p }, asked), delta, low, high, detectable, p };
  });
  return { differences, family: family.length };
}

type Tested = Omit<Difference, "kind"> & { sd: number | null };

const meanOf = ({ recipe, value }: Compared): number | null => (recipe && recipe.n >= 2 ? recipe.mean : value);

function testOf(cell: Compared, base: Compared): Tested {
  // two seeds of one recipe have one mean
  const isSame = isSameRecipe(cell, base);
  const [a, b] = isSame ? [cell.value, base.value] : [meanOf(cell), meanOf(base)];
  if (a === null || b === null) return { ...none, sd: null };
  const untested = { ...none, delta: a - b, sd: null };
  if (cell.isBarred || isSame) return untested;
  const [own, other] = [sideOf(cell), sideOf(base)];
  const known = own.variance === null ? other : own;
  if (known.variance === null) return untested;
  const sd = Math.sqrt(((own.variance ?? known.variance) + (other.variance ?? known.variance)) / 2);
  if (own.variance !== null && other.variance !== null) {
    const test = welchError({ ...own, variance: own.variance }, { ...other, variance: other.variance });
    if ("undefined" in test) return { ...untested, sd };
    return { ...interval(test.difference, test.error, test.dof), sd };
  }
  // one of the two ran once: the spread of the other's seeds is taken for both
  if (known.variance === 0) return { ...untested, sd };
  const error = Math.sqrt(known.variance * (1 / own.n + 1 / other.n));
  return { ...interval(a - b, error, known.n - 1), sd };
}

function interval(delta: number, error: number, dof: number): Omit<Tested, "sd"> {
  const half = tQuantileQuick(1 - ALPHA / 2, dof) * error;
  return {
    delta,
    low: delta - half,
    high: delta + half,
    detectable: half + tQuantileQuick(POWER, dof) * error,
    p: tTwoSided(delta / error, dof),
  };
}

/** The variance is null for fewer than two seeds. */
const sideOf = ({ recipe, value }: Compared): { n: number; mean: number; variance: number | null } =>
  recipe && recipe.n >= 2
    ? { n: recipe.n, mean: recipe.mean, variance: recipe.sd! ** 2 }
    : { n: 1, mean: value!, variance: null };

const isSameRecipe = (cell: Compared, base: Compared): boolean =>
  cell.recipeKey !== null && cell.recipeKey === base.recipeKey;

function kindOf(cell: Compared, base: Compared, test: Tested, { direction, smallest }: Direct): DifferenceKind {
  const { delta, low, high, p, sd } = test;
  if (delta === null) return "no-value";
  if (cell.isBarred) return "not-comparable";
  if (isSameRecipe(cell, base)) return "same-recipe";
  if (sd === null) return "one-seed";
  if (low === null || high === null || p === null) return "no-spread";
  if (smallest !== null && low > -smallest && high < smallest) return "practically-equal";
  const isTold = (low > 0 || high < 0) && p <= ALPHA && Math.abs(delta) >= (smallest ?? 0);
  if (!isTold) return Math.abs(delta) < sd && low <= 0 && high >= 0 ? "within-noise" : "not-distinguishable";
  if (direction === null || direction === "none") return "no-direction";
  return delta > 0 === (direction === "max") ? "better" : "worse";
}
