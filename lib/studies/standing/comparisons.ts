/** The pairs of a study that are compared, as one family: the best configuration with each of the next. Pure. */
import { adjustP } from "../../statistics/corrections/adjust-p.ts";
import { tQuantile, tTwoSided } from "../../statistics/distributions/student-t.ts";
import { welchTest } from "../../statistics/hypothesis-tests/welch.ts";
import type { Interval } from "../../statistics/measured.ts";
import type { StudyFacts } from "../facts/facts.ts";
import type { ProjectNoise } from "../noise-floor.ts";

/** `number`: the trial's; null: the incumbent of the loop before. */
export type ComparedSide = { number: number | null; value: number; seeds: number };
export type StudyComparison = {
  /** What the story cites it by: `C1`. */
  name: string;
  /** `before`: what the study that this one goes on from adopted. */
  against: "trial" | "before";
  a: ComparedSide;
  b: ComparedSide;
  /** a less b, in the metric's unit. */
  delta: number;
  interval: Interval | null;
  /** Adjusted by Holm over the family; null: it wasn't tested. */
  p: number | null;
  /** Whose spread it is tested with; null: neither side has two seeds, and there is no noise floor. */
  by: "seeds" | "floor" | null;
  verdict: "better" | "not-distinguishable" | "practically-equal" | "worse" | "one-seed";
};

export type Family = { comparisons: StudyComparison[]; tested: number };

const ALPHA = 0.05;
/** Configurations beyond the best that are compared: a family that grows without end tells nothing from anything. */
const COMPARED_MAX = 10;

type Facts = Pick<StudyFacts, "ranked" | "ancestors" | "study" | "costOf">;
type Side = ComparedSide & { results: readonly number[] };
type Tested = { delta: number; interval: Interval | null; p: number | null; by: StudyComparison["by"] };

/** Empty: there are no two to be compared. */
export function comparisonsOf({ ranked, ancestors, study, costOf }: Facts, floor: ProjectNoise): Family {
  const [best, ...others] = ranked.map((one): Side => ({ ...sideOf(one.number, one.results), results: one.results }));
  if (!best) return { comparisons: [], tested: 0 };
  const pairs = others.slice(0, COMPARED_MAX).map((b) => ({ against: "trial" as const, b }));
  const parent = ancestors.at(-1);
  const isAlike = parent && JSON.stringify(parent.objective) === JSON.stringify(study.objective);
  const before = isAlike && parent.manifest === study.manifest ? parent.chosen : null;
  const all = [
    ...(before && before.results.length > 0
      ? [{ against: "before" as const, b: { ...sideOf(before.number, before.results), results: before.results } }]
      : []),
    ...pairs,
  ].map((pair) => ({ ...pair, test: testOf(best, pair.b, floor) }));
  const family = all.flatMap(({ test }) => (test.p === null ? [] : [test.p]));
  const adjusted = adjustP(family, "holm");
  let at = 0;
  const comparisons = all.map(({ against, b, test }, index): StudyComparison => {
    const p = test.p === null ? null : adjusted[at++]!;
    const { results: _, ...shownA } = best;
    const { results: __, ...shownB } = b;
    const judged = { ...test, p };
    return {
      name: `C${index + 1}`,
      against,
      a: shownA,
      b: shownB,
      ...judged,
      verdict: verdictOf(judged, study.smallestDifference, costOf),
    };
  });
  return { comparisons, tested: family.length };
}

const sideOf = (number: number | null, results: readonly number[]): ComparedSide => ({
  number,
  value: results.reduce((sum, value) => sum + value, 0) / results.length,
  seeds: results.length,
});

/** Welch's where both have two seeds; else by the project's floor, where there is one. Assumes nearly normal noise of seeds. */
function testOf(a: Side, b: Side, floor: ProjectNoise): Tested {
  const delta = a.value - b.value;
  const welch = a.seeds >= 2 && b.seeds >= 2 ? welchTest([...a.results], [...b.results], ALPHA) : null;
  if (welch && !("undefined" in welch)) return { delta, interval: welch.interval, p: welch.p, by: "seeds" };
  if (floor.sd === null || floor.sd === 0) return { delta, interval: null, p: null, by: null };
  const error = floor.sd * Math.sqrt(1 / a.seeds + 1 / b.seeds);
  const half = tQuantile(1 - ALPHA / 2, floor.dof) * error;
  return { delta, interval: [delta - half, delta + half], p: tTwoSided(delta / error, floor.dof), by: "floor" };
}

function verdictOf(
  { delta, interval, p }: Tested,
  smallest: number | null,
  costOf: (value: number) => number,
): StudyComparison["verdict"] {
  if (interval === null || p === null) return "one-seed";
  if (smallest !== null && interval[0] > -smallest && interval[1] < smallest) return "practically-equal";
  if (p > ALPHA || Math.abs(delta) < (smallest ?? 0)) return "not-distinguishable";
  return costOf(delta) < 0 ? "better" : "worse";
}
