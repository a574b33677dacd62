/** Whether the space was searched evenly (RIGOUR P73, P26). Pure. */
import { centredDiscrepancy } from "../../../search/halton.ts";
import { coordinateOf } from "../../../search/space.ts";
import { chiSquareTail } from "../../../statistics/distributions/chi-square.ts";
import type { StudyFlag } from "../../../wire/studies/flags.ts";
import type { StudySearch } from "../../../wire/studies/parameters.ts";
import { type StudyFacts, scientificOf } from "../../facts/facts.ts";
import type { PanelMaker } from "../../facts/panel.ts";
import { armsOf } from "./isolation.ts";

export type CoverageData = {
  /** Places of parameters in the columns of the trials, those of the matrix; `left`: how many it has no room for. */
  shown: number[];
  left: number;
  search: StudySearch;
  /** Squared, of the parameters that every trial has; `random`: its mean over random points, as many. Null: too few. */
  discrepancy: { measured: number; random: number; points: number; dimensions: number } | null;
  /** Trials by value of each scientific parameter that has values of its own. */
  counts: { name: string; arms: { label: string; tried: number }[]; p: number }[];
  /** Points an axis would have if all were a grid. */
  pointsAnAxis: number;
};

const SHOWN = 8;
/** Of points of a search that is even by design or by chance. Ours: beyond it random points come once in thousands. */
const UNEVEN = 1.5;
const POINTS_MIN = 8;
const STARVED_P = 0.01;
const GRID_DIMENSIONS_MAX = 2;

export const makeCoverage: PanelMaker<CoverageData> = (facts) => {
  const { space, configurations, study } = facts;
  if (space.length < 2) return { missing: "no-range" };
  if (configurations.length === 0) return { missing: "no-trial" };
  const discrepancy = discrepancyOf(facts);
  const counts = countsOf(facts);
  const ratio = discrepancy ? discrepancy.measured / discrepancy.random : 0;
  const isDesigned = study.search.method === "quasi-random" || study.search.method === "random";
  const dimensions = space.filter(({ when }) => !when).length;
  return {
    data: {
      shown: space.map((_, at) => at).slice(0, SHOWN),
      left: Math.max(0, space.length - SHOWN),
      search: study.search,
      discrepancy,
      counts,
      pointsAnAxis: configurations.length ** (1 / dimensions),
    },
    flags: [
      ...(isDesigned && ratio > UNEVEN ? [{ kind: "uneven-coverage" as const, ratio }] : []),
      ...(study.search.method === "grid" && dimensions > GRID_DIMENSIONS_MAX
        ? [{ kind: "grid-of-many" as const, dimensions }]
        : []),
      ...counts.flatMap(starvedFlag),
    ],
  };
};

function discrepancyOf({ space, configurations }: StudyFacts): CoverageData["discrepancy"] {
  const ranges = space.filter(({ kind, when }) => kind !== "categorical" && !when);
  const d = ranges.length;
  const all = configurations.filter(
    ({ values, origin }) => origin === "search" && ranges.every(({ name }) => name in values),
  );
  if (d === 0 || all.length < POINTS_MIN) return null;
  const points = all.map(({ values }) => ranges.map((parameter) => coordinateOf(parameter, values[parameter.name]!)));
  // the mean over uniform points: of the double sum only the terms of a point with itself differ from the others
  const random = ((5 / 4) ** d - (13 / 12) ** d) / all.length;
  return { measured: centredDiscrepancy(points), random, points: all.length, dimensions: d };
}

function countsOf(facts: StudyFacts): CoverageData["counts"] {
  return scientificOf(facts)
    .filter(({ kind }) => kind === "categorical")
    .map((parameter) => {
      const arms = armsOf(facts, parameter).map(({ label, tried }) => ({ label, tried }));
      const total = arms.reduce((sum, { tried }) => sum + tried, 0);
      const each = total / arms.length;
      const chi2 = total === 0 ? 0 : arms.reduce((sum, { tried }) => sum + (tried - each) ** 2 / each, 0);
      return { name: parameter.name, arms, p: arms.length < 2 ? 1 : chiSquareTail(chi2, arms.length - 1) };
    });
}

function starvedFlag({ name, arms, p }: CoverageData["counts"][number]): StudyFlag[] {
  if (p >= STARVED_P) return [];
  const sorted = arms.toSorted((a, b) => a.tried - b.tried);
  const [fewest, most] = [sorted[0]!, sorted.at(-1)!];
  return [{ kind: "starved-value", parameter: name, value: fewest.label, trials: fewest.tried, most: most.tried }];
}
