/** Looking at a test before its end without spending more than its level, for where runs are dear. Pure. */
import { normalDensity, normalQuantile, normalTail } from "../statistics/distributions/normal.ts";
import { InputError } from "../statistics/inputs.ts";

/** `late`: nearly all of the level is kept for the end (O'Brien and Fleming's shape); `even`: Pocock's; `linear`: by the share. */
export type Spending = "late" | "even" | "linear";

export type Looks = {
  /** What is spent by each look, all before it included. */
  cumulative: number[];
  /** The level of each look by itself, valid by the union bound whatever the looks share; and its z. */
  levels: number[];
  zUnion: number[];
  /** What the union bound really spends, of a normal walk. */
  sizeUnion: number;
  /** The z at which each look's first crossing spends exactly its part, of a normal walk (Lan and DeMets 1983); and its tail. */
  zExact: number[];
  levelsExact: number[];
};

/** One-sided. `fractions` of the information at each look grow to 1. Throws `InputError`. */
export function planLooks(
  fractions: readonly number[],
  { alpha, spending }: { alpha: number; spending: Spending },
): Looks {
  if (
    fractions.length === 0 ||
    fractions.at(-1) !== 1 ||
    fractions.some((at, look) => at <= (fractions[look - 1] ?? 0))
  )
    throw new InputError(`looks at ${fractions.join(", ")} of the information: they must grow to 1`);
  const cumulative = fractions.map((at) => spentBy(at, alpha, spending));
  const levels = cumulative.map((spent, look) => spent - (cumulative[look - 1] ?? 0));
  const zUnion = levels.map((level) => normalQuantile(1 - level));
  const zExact = exactBounds(fractions, levels);
  return {
    cumulative,
    levels,
    zUnion,
    sizeUnion: crossings(fractions, zUnion).reduce((sum, part) => sum + part, 0),
    zExact,
    levelsExact: zExact.map(normalTail),
  };
}

function spentBy(at: number, alpha: number, spending: Spending): number {
  if (spending === "late") return 2 * normalTail(normalQuantile(1 - alpha / 2) / Math.sqrt(at));
  return spending === "even" ? alpha * Math.log(1 + (Math.E - 1) * at) : alpha * at;
}

/** A density on even places, in units of the walk's standard deviation at the end. */
type Density = { from: number; step: number; values: Float64Array };

const STEPS = 1_200;
const REACH = 9;

/** The probability that the walk first crosses at each look. */
function crossings(fractions: readonly number[], bounds: readonly number[]): number[] {
  let density: Density | null = null;
  return fractions.map((at, look) => {
    const before = fractions[look - 1] ?? 0;
    const bound = bounds[look]! * Math.sqrt(at);
    const crossed = tailOf(density, at - before, bound);
    density = walkOn(density, at - before, bound);
    return crossed;
  });
}

function exactBounds(fractions: readonly number[], levels: readonly number[]): number[] {
  let density: Density | null = null;
  return fractions.map((at, look) => {
    const gone = at - (fractions[look - 1] ?? 0);
    const level = levels[look]!;
    if (density === null) {
      const z = normalQuantile(1 - level);
      density = walkOn(null, gone, z * Math.sqrt(at));
      return z;
    }
    let [low, high] = [0, REACH];
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (tailOf(density, gone, middle * Math.sqrt(at)) > level) low = middle;
      else high = middle;
    }
    density = walkOn(density, gone, high * Math.sqrt(at));
    return high;
  });
}

/** The probability that the walk, `gone` further, lies beyond `bound`. Simpson's rule over where it was. */
function tailOf(density: Density | null, gone: number, bound: number): number {
  const spread = Math.sqrt(gone);
  if (density === null) return normalTail(bound / spread);
  return integrate(density, (x) => normalTail((bound - x) / spread));
}

/** Where the walk is that has not crossed, `gone` further. */
function walkOn(density: Density | null, gone: number, bound: number): Density {
  const spread = Math.sqrt(gone);
  const step = (bound + REACH) / STEPS;
  const values = Float64Array.from({ length: STEPS + 1 }, (_, place) => {
    const x = -REACH + place * step;
    if (density === null) return normalDensity(x / spread) / spread;
    return integrate(density, (from) => normalDensity((x - from) / spread) / spread);
  });
  return { from: -REACH, step, values };
}

function integrate({ from, step, values }: Density, of: (x: number) => number): number {
  let sum = 0;
  for (const [place, value] of values.entries()) {
    const weight = place === 0 || place === STEPS ? 1 : place % 2 === 1 ? 4 : 2;
    if (value > 1e-300) sum += weight * value * of(from + place * step);
  }
  return (sum * step) / 3;
}
