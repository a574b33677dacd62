/** One candidate against the incumbent of a loop: keep, discard, or run again (RIGOUR 4.11). Pure. */
import { tQuantile, tTail } from "../statistics/distributions/student-t.ts";
import { InputError } from "../statistics/inputs.ts";
import { mean, variance } from "../statistics/moments.ts";
import { betaRegularised } from "../statistics/special/incomplete-beta.ts";

export type RuleSettings = {
  /** Runs of a candidate, the screening one among them. */
  seeds: number;
  /** By how many noise floors a first run must be ahead to be confirmed; null: there is no screen. */
  screen: number | null;
  /** Runs of the incumbent that are made beside a confirmation, up to `incumbentMax` in all. */
  along: number;
  incumbentMin: number;
  incumbentMax: number;
  /** Degrees of freedom that the noise floor needs. */
  dofMin: number;
  /** The smallest gain that is kept, in the metric's unit. */
  smallest: number;
};

export const refereeSettings: RuleSettings = {
  seeds: 5,
  screen: 1,
  along: 1,
  incumbentMin: 3,
  incumbentMax: 10,
  dofMin: 2,
  smallest: 0,
};

/** Squares and degrees of freedom within other recipes, pooled. */
export type PooledFloor = { squares: number; dof: number };

export type Candidacy = {
  goal: "min" | "max";
  /** `seed-only`: the incumbent's recipe. An earlier ruling of the same recipe is answered again. */
  relation: "new" | "seed-only" | { earlier: "keep" | "discard" };
  /** Values of the incumbent's runs, in their order. */
  incumbent: readonly number[];
  /** How many of them there were when the candidate was screened; left out: all. */
  screenedBeside?: number;
  /** Null: the run crashed or diverged. */
  screen: readonly (number | null)[];
  confirm: readonly (number | null)[];
  floor: PooledFloor;
  /** Known before the candidate's runs. */
  level: number;
  /** What the samples of the validation set add to the variance of the gain, and how many they are. */
  samples?: { variance: number; count: number };
};

export type RulingReason =
  | "gain"
  | "screen"
  | "crashed"
  | "unstable"
  | "not-distinguishable"
  | "below-smallest"
  | "behind"
  | "history"
  | "seed-only"
  | "seed-changes-nothing"
  | "no-noise-floor"
  | "unscreened"
  | "unconfirmed";

export type Ruling = {
  ruling: "keep" | "discard" | "run-again" | "refused";
  reason: RulingReason;
  /** Whether a position of the error budget is spent. */
  spends: boolean;
  /** What to run; null unless it is run again. */
  run: { incumbent: number; candidate: number } | null;
  screened: { gain: number; bar: number } | null;
  test: GainTest | null;
};

export type GainTest = {
  /** How much better the candidate is in the mean, in the metric's unit. */
  gain: number;
  error: number;
  dof: number;
  t: number;
  /** One-sided. */
  p: number;
  level: number;
  /** Of 90 %. */
  interval: [low: number, high: number];
  /** The gain that such a test shows with probability .8. */
  detectable: number;
  /** The candidate's seeds vary more than the floor says: it is tested with its own spread. */
  isNoisy: boolean;
  /** `samples`: also of other validation sets; `this-set`: of this one alone, as nobody knows what its samples add. */
  claim: "samples" | "this-set";
};

const POWER = 0.8;
const NOISY = 0.01;
/** Equal to the last bits is reached. */
const SLACK = 1e-12;
const none = { spends: false, run: null, screened: null, test: null };

/** Throws `InputError` where a rule can't be. */
export function rule(given: Candidacy, settings: RuleSettings = refereeSettings): Ruling {
  if (settings.seeds < 2) throw new InputError(`${settings.seeds} seeds: a candidate needs two or more`);
  const { relation, incumbent, floor } = given;
  if (relation === "seed-only") return { ...none, ruling: "refused", reason: "seed-only" };
  if (relation !== "new") return { ...none, ruling: relation.earlier, reason: "history" };
  const dof = floor.dof + incumbent.length - 1;
  const lacking = Math.max(settings.incumbentMin - incumbent.length, settings.dofMin - dof);
  if (lacking > 0) return again("no-noise-floor", { incumbent: lacking, candidate: 0 });
  if (floor.squares + squaresOf(incumbent) === 0) return { ...none, ruling: "refused", reason: "seed-changes-nothing" };
  const screened = settings.screen === null ? null : screen(given, settings.screen);
  if (screened && "ruling" in screened) return screened;
  return confirm(given, settings, screened);
}

const again = (reason: RulingReason, run: { incumbent: number; candidate: number }): Ruling => ({
  ...none,
  ruling: "run-again",
  reason,
  run,
});

/** Squares of the distances to the mean. */
export function squaresOf(values: readonly number[]): number {
  if (values.every((value) => value === values[0])) return 0;
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}

const gainOver = ({ goal }: Candidacy, value: number, incumbent: readonly number[]): number =>
  (goal === "max" ? 1 : -1) * (value - mean(incumbent));

/** The candidate's first run, or a ruling: it costs nothing of the error budget. */
function screen(given: Candidacy, floors: number): Ruling | { gain: number; bar: number } {
  const first = given.screen.find((value) => value !== null);
  if (first === undefined)
    return given.screen.length >= 2
      ? { ...none, ruling: "discard", reason: "crashed" }
      : again("unscreened", { incumbent: 0, candidate: 1 });
  const beside = given.incumbent.slice(0, given.screenedBeside);
  const pooled = (given.floor.squares + squaresOf(beside)) / (given.floor.dof + beside.length - 1);
  const gain = gainOver(given, first, beside);
  const bar = floors * Math.sqrt(pooled * (1 + 1 / beside.length));
  if (gain >= bar - SLACK) return { gain, bar };
  return { ...none, ruling: "discard", reason: "screen", screened: { gain, bar } };
}

function confirm(given: Candidacy, settings: RuleSettings, screened: Ruling["screened"]): Ruling {
  const { seeds, along, incumbentMax } = settings;
  const fresh = settings.screen === null ? seeds : seeds - 1;
  const before = given.screenedBeside ?? given.incumbent.length;
  const beside = Math.max(before, Math.min(before + along, incumbentMax));
  const values = given.confirm.filter((value) => value !== null);
  if (values.length < given.confirm.length)
    return { ...none, screened, ruling: "discard", reason: "unstable", spends: true };
  const run = {
    incumbent: Math.max(0, beside - given.incumbent.length),
    candidate: Math.max(0, fresh - values.length),
  };
  if (run.incumbent + run.candidate > 0) return { ...again("unconfirmed", run), screened };
  const test = testGain(given, values);
  const isTold = test.p <= given.level;
  const isLarge = test.gain >= settings.smallest - SLACK;
  const reason =
    isTold && isLarge ? "gain" : isTold ? "below-smallest" : test.gain <= 0 ? "behind" : "not-distinguishable";
  return { spends: true, run: null, screened, test, ruling: reason === "gain" ? "keep" : "discard", reason };
}

/** A part of the squared error, and the degrees of freedom that it is known by. */
type Part = { variance: number; dof: number };

/** By the confirmation runs alone, as the screening run was chosen by its value (Student, Satterthwaite 1946). */
function testGain(given: Candidacy, values: readonly number[]): GainTest {
  const { incumbent, floor, level, samples } = given;
  const [n, m] = [values.length, incumbent.length];
  const floorDof = floor.dof + m - 1;
  const floorSquares = floor.squares + squaresOf(incumbent);
  const floorVariance = floorSquares / floorDof;
  const own = n > 1 ? variance(values) : 0;
  const isNoisy = n > 1 && fTail(own / floorVariance, n - 1, floorDof) < NOISY;
  const pooledDof = floorDof + n - 1;
  const pooled = (floorSquares + squaresOf(values)) / pooledDof;
  const parts: Part[] = isNoisy
    ? [
        { variance: own / n, dof: n - 1 },
        { variance: floorVariance / m, dof: floorDof },
      ]
    : [{ variance: pooled * (1 / n + 1 / m), dof: pooledDof }];
  if (samples && samples.variance > 0) parts.push({ variance: samples.variance, dof: samples.count - 1 });
  const total = parts.reduce((sum, part) => sum + part.variance, 0);
  const dof = total ** 2 / parts.reduce((sum, part) => sum + part.variance ** 2 / part.dof, 0);
  const error = Math.sqrt(total);
  const gain = gainOver(given, mean(values), incumbent);
  const t = gain / error;
  const half = tQuantile(0.95, dof) * error;
  return {
    gain,
    error,
    dof,
    t,
    p: t >= 0 ? tTail(t, dof) : 1 - tTail(-t, dof),
    level,
    interval: [gain - half, gain + half],
    detectable: (-tQuantile(level, dof) + tQuantile(POWER, dof)) * error,
    isNoisy,
    claim: samples && samples.variance > 0 ? "samples" : "this-set",
  };
}

/** The probability that an F-distributed variable with these degrees of freedom exceeds `ratio`. */
const fTail = (ratio: number, above: number, below: number): number =>
  betaRegularised(below / (below + above * ratio), below / 2, above / 2, (above * ratio) / (below + above * ratio));
