/** Search by a Gaussian process: tries where it expects to get ahead of the best by most. Pure. */
import { ascending, mean, quantile, standardDeviation } from "../statistics/moments.ts";
import { seededNormal, seededRandom, seedOf } from "../statistics/resampling/random.ts";
import { logExpectedImprovement } from "./expected-improvement.ts";
import { fitProcess } from "./fit-process.ts";
import { conditionOn, type GaussianProcess, predict } from "./gaussian-process.ts";
import { haltonPoint } from "./halton.ts";
import type { Goal, Trial } from "./history.ts";
import { type Assignment, type Parameter, pointOf, type Space, valuesAt } from "./space.ts";

/** Of more ended trials the best half of so many are known, and the newest of the others: the work grows by their cube. */
const KNOWN_MAX = 200;
/** And so many of those, evenly over their ranks, say the hyperparameters. */
const FITTED_MAX = 80;
const PENDING_MAX = 100;
const CANDIDATES = 400;
/** Around each of so many of the best points, so many more. */
const NEAR = { points: 5, each: 20, spreads: [0.1, 0.02] } as const;
/** So many of the best candidates are moved on, so many times and more for each axis. */
const REFINED = { candidates: 4, moves: 20, perAxis: 6, spread: 0.05, grow: 1.5, shrink: 0.87 } as const;
/** Values beyond the third quartile by more than so many times the quartiles' distance are as bad as that (Tukey 1977). */
const FENCE = 1.5;

/**
 * The values of the next trial (Jones et al. 1998): where the improvement on the lowest mean so far is expected to be largest,
 * by its logarithm. Infeasible trials count as the worst; at pending ones the process believes its own mean (Ginsbourger et al.
 * 2010). `history` has an ended trial.
 */
export function askProcess(
  space: Space,
  history: readonly Trial[],
  { goal, seed }: { goal: Goal; seed: number },
): Assignment {
  const pending = history.filter(({ outcome }) => outcome === "pending").slice(-PENDING_MAX);
  const process = believe(processOf(space, knownOf(space, history, goal)), pending, space);
  // what is believed of a pending trial counts too: it isn't to be asked for once more
  const means = process.points
    .map((point) => ({ point, mean: predict(process, point).mean }))
    .sort((a, b) => a.mean - b.mean);
  const gainAt = (point: readonly number[]) => logExpectedImprovement(predict(process, point), means[0]!.mean);
  const random = seededRandom(seedOf(seed, `gaussian process ${history.length}`));
  const tried = new Set(history.map(({ values }) => keyOf(featuresOf(space, values))));
  const points = means.slice(0, NEAR.points).map(({ point }) => [...point]);
  // a second time says less than a new point, where there is one
  const fresh = best(space, points, {
    random,
    gainAt: (at) => (tried.has(keyOf(at)) ? Number.NEGATIVE_INFINITY : gainAt(at)),
  });
  return (fresh.gain > Number.NEGATIVE_INFINITY ? fresh : best(space, points, { random, gainAt })).values;
}

type Weigh = { random: () => number; gainAt: (point: readonly number[]) => number };

/** The candidate with the largest gain: of points that fill the cube and some near the given ones, the best moved on. */
function best(space: Space, points: readonly number[][], { random, gainAt }: Weigh): Candidate {
  const move = movesBy(space, random);
  const near = points.flatMap((point) =>
    Array.from({ length: NEAR.each }, (_, at) => move(point, NEAR.spreads[at % NEAR.spreads.length]!)),
  );
  const weigh = (point: number[]): Candidate => {
    const values = valuesAt(space, point);
    return { point, values, gain: gainAt(featuresOf(space, values)) };
  };
  return [...evenPoints(space.length, random), ...near]
    .map(weigh)
    .sort(byGain)
    .slice(0, REFINED.candidates)
    .map((one) => refine(space, one, { move, weigh }))
    .sort(byGain)[0]!;
}

const byGain = (a: Candidate, b: Candidate): number => Number(b.gain > a.gain) - Number(b.gain < a.gain);

type Known = { point: number[]; cost: number };
type Candidate = { point: number[]; values: Assignment; gain: number };

/** The lowest cost first. */
function knownOf(space: Space, history: readonly Trial[], goal: Goal): Known[] {
  const sign = goal === "min" ? 1 : -1;
  const costs = history.flatMap(({ outcome }) =>
    typeof outcome === "number" && Number.isFinite(outcome) ? sign * outcome : [],
  );
  const sorted = ascending(costs);
  const [first, third] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const worst = Math.min(sorted.at(-1)!, third > first ? third + FENCE * (third - first) : Number.POSITIVE_INFINITY);
  const all = history
    .filter(({ outcome }) => outcome !== "pending")
    .map(({ values, outcome }, order) => {
      const cost = typeof outcome === "number" && Number.isFinite(outcome) ? Math.min(worst, sign * outcome) : worst;
      return { values, cost, order };
    })
    .sort((a, b) => a.cost - b.cost || a.order - b.order);
  const best = all.slice(0, KNOWN_MAX / 2);
  const others = all
    .slice(KNOWN_MAX / 2)
    .sort((a, b) => b.order - a.order)
    .slice(0, KNOWN_MAX / 2);
  return [...best, ...others]
    .sort((a, b) => a.cost - b.cost || a.order - b.order)
    .map(({ values, cost }) => ({ point: featuresOf(space, values), cost }));
}

/** Of values with mean 0 and variance 1. */
function processOf(space: Space, known: readonly Known[]): GaussianProcess {
  const costs = known.map(({ cost }) => cost);
  const [middle, spread] = [mean(costs), standardDeviation(costs)];
  const values = costs.map((cost) => (spread > 0 ? (cost - middle) / spread : 0));
  const axes = space.map(({ kind }) => ({ isChoice: kind === "categorical" }));
  const points = known.map(({ point }) => point);
  const every = Math.max(1, points.length / FITTED_MAX);
  const few = Array.from({ length: Math.min(points.length, FITTED_MAX) }, (_, at) => Math.floor(at * every));
  const [fewPoints, fewValues] = [few.map((at) => points[at]!), few.map((at) => values[at]!)];
  return conditionOn(axes, points, { values, kept: fitProcess(axes, fewPoints, fewValues) });
}

/** The process as if the pending trials had ended with what it expects of them. */
function believe(process: GaussianProcess, pending: readonly Trial[], space: Space): GaussianProcess {
  if (pending.length === 0) return process;
  const { axes, kept } = process;
  const points = pending.map(({ values }) => featuresOf(space, values));
  const values = points.map((point) => predict(process, point).mean);
  return conditionOn(axes, [...process.points, ...points], { values: [...process.values, ...values], kept });
}

/**
 * Where a trial lies: an integer or a choice where it stands, not where it was drawn. A parameter without a value lies in the
 * middle of its axis, or is a choice of its own, so that trials without it are alike there.
 */
const featuresOf = (space: Space, values: Assignment): number[] =>
  pointOf(space, values).map((at, axis) => at ?? (space[axis]!.kind === "categorical" ? -1 : 0.5));

const keyOf = (point: readonly number[]): string => point.join();

/** Points that fill the cube, other ones each time. */
function evenPoints(axes: number, random: () => number): number[][] {
  const shift = Array.from({ length: axes }, random);
  return Array.from({ length: CANDIDATES }, (_, at) =>
    haltonPoint(at + 1, axes).map((coordinate, axis) => (coordinate + shift[axis]!) % 1),
  );
}

type Move = (point: readonly number[], spread: number) => number[];

/** Moves along each number's axis by a normal draw, and to another choice now and then. */
function movesBy(space: Space, random: () => number): Move {
  const normal = seededNormal(random);
  const moved = (parameter: Parameter, at: number, spread: number) => {
    if (parameter.kind === "categorical") return at < 0 || random() < 1 / space.length ? random() : at;
    return Math.min(BELOW_ONE, Math.max(0, at + spread * normal()));
  };
  return (point, spread) => space.map((parameter, axis) => moved(parameter, point[axis]!, spread));
}

const BELOW_ONE = 1 - 2 ** -53;

/** Moves on while that gains, in steps that grow with success and shrink without (Rechenberg 1973). */
function refine(
  space: Space,
  from: Candidate,
  { move, weigh }: { move: Move; weigh: (point: number[]) => Candidate },
): Candidate {
  let [held, spread]: [Candidate, number] = [from, REFINED.spread];
  for (let at = 0; at < REFINED.moves + REFINED.perAxis * space.length; at++) {
    const next = weigh(move(held.point, spread));
    spread *= next.gain > held.gain ? REFINED.grow : REFINED.shrink;
    if (next.gain > held.gain) held = next;
  }
  return held;
}
