/** The tree-structured Parzen estimator: tries where good trials are denser than the others. Pure. */
import { normalTail } from "../statistics/distributions/normal.ts";
import { seededNormal, seededRandom, seedOf } from "../statistics/resampling/random.ts";
import { type Goal, ranked, type Trial } from "./history.ts";
import { type Assignment, type Parameter, pointOf, type Space, valuesAt } from "./space.ts";

/** Of the ended trials so many are the good ones, at most. */
const GOOD_SHARE = 0.1;
const GOOD_MAX = 25;
const CANDIDATES = 24;
/** The width of a kernel on the unit axis with one trial; n trials on d axes make it n^(−1/(d + 4)) as wide (Scott 1992). */
const WIDTH = 0.2;
const WIDTH_MIN = 0.01;

/**
 * The values of the next trial (Bergstra et al. 2011; kernels over all axes together, Falkner et al. 2018): of 24 drawn from the
 * density of the good trials the one at which it exceeds that of the others most. Trials that are pending or infeasible count
 * among the others. `history` has an ended trial.
 */
export function askTpe(
  space: Space,
  history: readonly Trial[],
  { goal, seed }: { goal: Goal; seed: number },
): Assignment {
  const order = ranked(history, goal);
  const good = new Set<Trial>(order.slice(0, Math.min(GOOD_MAX, Math.max(1, Math.ceil(GOOD_SHARE * order.length)))));
  const points = (of: readonly Trial[]) => of.map(({ values }) => pointOf(space, values));
  const better = mixtureOf(space, points(history.filter((trial) => good.has(trial))));
  const worse = mixtureOf(space, points(history.filter((trial) => !good.has(trial))));
  const random = seededRandom(seedOf(seed, `tpe ${history.length}`));
  const normal = seededNormal(random);
  let best: { values: Assignment; gain: number } | null = null;
  for (let candidate = 0; candidate < CANDIDATES; candidate++) {
    const values = valuesAt(space, drawFrom(better, random, normal));
    // an integer or a choice is weighed where it stands, not where it was drawn
    const point = pointOf(space, values);
    const gain = logDensity(better, point) - logDensity(worse, point);
    if (best === null || gain > best.gain) best = { values, gain };
  }
  return best!.values;
}

/** One kernel: a normal cut to [0, 1] around each coordinate, or weights of the choices; null on an axis: it is flat there. */
type Mixture = { space: Space; width: number; centres: (number | null)[][]; logMass: (number | null)[][] };

function mixtureOf(space: Space, points: (number | null)[][]): Mixture {
  const width = Math.max(WIDTH_MIN, WIDTH * Math.max(1, points.length) ** (-1 / (space.length + 4)));
  // what is known before any trial: each axis is flat
  const centres = [space.map(() => null), ...points];
  const logMassAt = logMasses(width);
  const logMass = centres.map((centre) =>
    centre.map((at, axis) => (at === null || isChoice(space[axis]!) ? null : logMassAt(at))),
  );
  return { space, width, centres, logMass };
}

const MASS_STEPS = 512;

/** The logarithm of what lies in [0, 1] of a normal around `at`, times its width: by a table, as kernels are many. */
function logMasses(width: number): (at: number) => number {
  const table = Float64Array.from({ length: MASS_STEPS + 1 }, (_, step) => {
    const at = step / MASS_STEPS;
    return Math.log(width * (1 - normalTail((1 - at) / width) - normalTail(at / width)));
  });
  return (at) => table[Math.round(at * MASS_STEPS)]!;
}

const isChoice = (parameter: Parameter) => parameter.kind === "categorical";

/** A choice that the kernel isn't of has this part of an even share. */
const OTHER_CHOICES = 0.2;

function drawFrom({ space, width, centres }: Mixture, random: () => number, normal: () => number): number[] {
  const centre = centres[Math.floor(random() * centres.length)]!;
  return space.map((parameter, axis) => {
    const at = centre[axis];
    if (at == null) return random();
    if (isChoice(parameter)) return random() < OTHER_CHOICES ? random() : at;
    for (;;) {
      const drawn = at + width * normal();
      if (drawn >= 0 && drawn < 1) return drawn;
    }
  });
}

const LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

function logDensity({ space, width, centres, logMass }: Mixture, point: readonly (number | null)[]): number {
  const logs = centres.map((centre, kernel) => {
    let log = 0;
    for (const [axis, parameter] of space.entries()) {
      const [x, at] = [point[axis], centre[axis]];
      // an axis that one of the two doesn't have says nothing
      if (x == null || at == null) continue;
      if (parameter.kind === "categorical")
        log += Math.log(OTHER_CHOICES + (x === at ? (1 - OTHER_CHOICES) * parameter.choices.length : 0));
      else log += -(((x - at) / width) ** 2) / 2 - LOG_ROOT_TWO_PI - logMass[kernel]![axis]!;
    }
    return log;
  });
  const largest = Math.max(...logs);
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0) / logs.length);
}
