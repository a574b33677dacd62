/**
 * Loops in a world whose effects are known, ruled on as the referee rules, and as one does who keeps whatever was higher once
 * (RIGOUR 4.11). All in units of the noise floor, higher is better. Pure and seeded.
 */
import { seededNormal, seededRandom } from "../statistics/resampling/random.ts";
import { incumbentValue, type Loop, type LoopSettings, newLoop, ruleOn, type Submission } from "./loop.ts";

export type World = {
  candidates: number;
  /** Shares of the candidates (0–1); what is left changes nothing. */
  improve: number;
  harm: number;
  /** By how much one improves, each alike likely. */
  gains: readonly number[];
  /** By how much one harms in the mean (exponential). */
  harmMean: number;
  /** What the validation samples make of a change, as a standard deviation. */
  luck: number;
  /** Whether the referee is told that, by results sample by sample. */
  knowsLuck: boolean;
};

/** A tenth improves; of the rest a half does nothing, and a half harms. */
export const usualWorld: World = {
  candidates: 200,
  improve: 0.1,
  harm: 0.45,
  gains: [0.5, 1, 2, 3],
  harmMean: 2,
  luck: 0.5,
  knowsLuck: true,
};

/** What became of a loop. `gained`: of the population, by the last recipe that was kept; `claimed`: what is shown for it. */
export type Outcome = { keeps: number; falseKeeps: number; gained: number; claimed: number; runs: number };

export const manners = ["greedy", "referee", "milestones"] as const;
/** `milestones`: greedy, and the referee tests what was kept every 20 candidates, on samples that the loop never sees. */
export type Manner = (typeof manners)[number];

type Change = { gain: number; luck: number };
/** A world's changes in their order, and its seeds. */
type Chances = { changes: Change[]; normal: () => number };

/** Runs of the first recipe, and of one that was kept, that make its value. */
const VALUED_BY = 5;
const MILESTONE = 20;

/** One loop. Every manner meets the same changes. */
export function simulateLoop(world: World, settings: LoopSettings, manner: Manner, seed: number): Outcome {
  const random = seededRandom(seed);
  const normal = seededNormal(random);
  const changes = Array.from({ length: world.candidates }, () => ({
    gain: effectOf(world, random),
    luck: world.luck * normal(),
  }));
  const chances = { changes, normal };
  if (manner === "greedy") return byGreed(chances);
  return manner === "referee" ? byReferee(world, settings, chances) : byMilestones(world, settings, chances);
}

function effectOf({ improve, harm, gains, harmMean }: World, random: () => number): number {
  const kind = random();
  if (kind < improve) return gains[Math.floor(random() * gains.length)] ?? 0;
  return kind < improve + harm ? harmMean * Math.log(1 - random()) : 0;
}

/** What the validation samples add to the variance of a gain, as it is told to the referee. */
const told = ({ luck, knowsLuck }: World, changes = 1): Pick<Submission, "samples"> =>
  knowsLuck && luck > 0 ? { samples: { variance: changes * luck ** 2, count: 10_000 } } : {};

/** Where a loop stands: what its recipe gains of the population, and what the samples add to that. */
type Standing = { gained: number; luck: number };

function byReferee(world: World, settings: LoopSettings, { changes, normal }: Chances): Outcome {
  const draw = (count: number, level: number) => Array.from({ length: count }, () => level + normal());
  const first = Math.max(VALUED_BY, settings.incumbentMin);
  let loop: Loop = newLoop("max", "first", draw(first, 0));
  const began = incumbentValue(loop);
  let held: Standing = { gained: 0, luck: 0 };
  let [runs, keeps, falseKeeps] = [first, 0, 0];
  for (const [at, { gain, luck }] of changes.entries()) {
    const level = held.gained + held.luck + gain + luck;
    const screen = settings.screen === null ? [] : draw(1, level);
    const submission: Submission = {
      recipe: `candidate ${at}`,
      screen,
      confirm: [],
      alongside: [],
      fresh: [],
      ...told(world),
    };
    runs += screen.length;
    let found = ruleOn(loop, submission, settings);
    if (found.ruling.run) {
      const { candidate, incumbent } = found.ruling.run;
      const confirm = draw(candidate, level);
      const alongside = draw(incumbent, held.gained + held.luck);
      runs += candidate + incumbent;
      found = ruleOn(loop, { ...submission, confirm, alongside, fresh: draw(VALUED_BY, level) }, settings);
    }
    loop = found.loop;
    if (found.ruling.ruling !== "keep") continue;
    keeps++;
    runs += VALUED_BY;
    if (gain <= 0) falseKeeps++;
    held = { gained: held.gained + gain, luck: held.luck + luck };
  }
  return { keeps, falseKeeps, gained: held.gained, claimed: incumbentValue(loop) - began, runs };
}

function byGreed({ changes, normal }: Chances): Outcome {
  let held: Standing = { gained: 0, luck: 0 };
  let [best, keeps, falseKeeps] = [normal(), 0, 0];
  const began = best;
  for (const { gain, luck } of changes) {
    const value = held.gained + held.luck + gain + luck + normal();
    if (value <= best) continue;
    keeps++;
    if (gain <= 0) falseKeeps++;
    held = { gained: held.gained + gain, luck: held.luck + luck };
    best = value;
  }
  return { keeps, falseKeeps, gained: held.gained, claimed: best - began, runs: changes.length + 1 };
}

/** What is kept provisionally since the last recipe that was confirmed. */
type Bundle = Standing & { changes: number; best: number };

function byMilestones(world: World, settings: LoopSettings, { changes, normal }: Chances): Outcome {
  const draw = (level: number) => Array.from({ length: VALUED_BY }, () => level + normal());
  const rule: LoopSettings = { ...settings, seeds: VALUED_BY, screen: null, along: 0, incumbentMin: VALUED_BY };
  let loop: Loop = newLoop("max", "first", draw(0));
  const began = incumbentValue(loop);
  // on the referee's own samples luck is another than on the loop's
  let [confirmed, hidden, hiddenBundle] = [0, 0, 0];
  const empty = (best: number): Bundle => ({ gained: 0, luck: 0, changes: 0, best });
  let bundle = empty(normal());
  let base = { luck: 0, best: bundle.best };
  let [runs, keeps, falseKeeps] = [VALUED_BY + 1, 0, 0];
  for (const [at, { gain, luck }] of changes.entries()) {
    runs++;
    const value = confirmed + base.luck + bundle.gained + bundle.luck + gain + luck + normal();
    if (value > bundle.best) {
      bundle = { gained: bundle.gained + gain, luck: bundle.luck + luck, changes: bundle.changes + 1, best: value };
      hiddenBundle += world.luck * normal();
    }
    if ((at + 1) % MILESTONE !== 0 || bundle.changes === 0) continue;
    const confirm = draw(confirmed + hidden + bundle.gained + hiddenBundle);
    runs += VALUED_BY;
    const submission = { recipe: `bundle ${at}`, screen: [], confirm, alongside: [], fresh: confirm };
    const found = ruleOn(loop, { ...submission, ...told(world, bundle.changes) }, rule);
    loop = found.loop;
    if (found.ruling.ruling === "keep") {
      keeps++;
      if (bundle.gained <= 0) falseKeeps++;
      confirmed += bundle.gained;
      hidden += hiddenBundle;
      base = { luck: base.luck + bundle.luck, best: bundle.best };
    } else if (found.ruling.reason !== "behind") continue;
    // confirmed, or rolled back: the next bundle begins with what is held
    [bundle, hiddenBundle] = [empty(base.best), 0];
  }
  return { keeps, falseKeeps, gained: confirmed, claimed: incumbentValue(loop) - began, runs };
}

/** Of many loops, with the standard error of each mean. */
export type Totals = {
  loops: number;
  /** False keeps over all keeps of all loops; 0 where there is none. */
  share: number;
  /** The mean over loops of the share of each; a loop without a keep has none. */
  rate: number;
  /** Loops with any false keep, 0–1. */
  anyFalse: number;
  mean: Outcome;
  error: Outcome & { share: number; rate: number };
};

export function totalsOf(loops: readonly Outcome[]): Totals {
  const shares = loops.map(({ keeps, falseKeeps }) => falseKeeps / Math.max(1, keeps));
  const mean = ofEach((name) => meanOf(loops.map((one) => one[name])));
  const share = mean.keeps === 0 ? 0 : mean.falseKeeps / mean.keeps;
  // of a ratio of means (delta method)
  const shareErrors = loops.map(({ keeps, falseKeeps }) => (falseKeeps - share * keeps) / (mean.keeps || 1));
  return {
    loops: loops.length,
    share,
    rate: meanOf(shares),
    anyFalse: meanOf(loops.map(({ falseKeeps }) => (falseKeeps > 0 ? 1 : 0))),
    mean,
    error: {
      ...ofEach((name) => errorOf(loops.map((one) => one[name]))),
      share: errorOf(shareErrors),
      rate: errorOf(shares),
    },
  };
}

const ofEach = (of: (name: keyof Outcome) => number): Outcome => ({
  keeps: of("keeps"),
  falseKeeps: of("falseKeeps"),
  gained: of("gained"),
  claimed: of("claimed"),
  runs: of("runs"),
});

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

function errorOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
