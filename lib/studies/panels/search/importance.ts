/** Which parameters matter, and whether more search would help (RIGOUR P85). Pure. */
import { type Bins, categoryBins, quantileBins } from "../../../statistics/exploration/bins.ts";
import { type FirstOrder, firstOrderIndices } from "../../../statistics/exploration/first-order.ts";
import { isAdaptive } from "../../../wire/studies/parameters.ts";
import type { StudyFacts } from "../../facts/facts.ts";

export type Importance = {
  /** The largest share first. `isClear`: beyond its null line. */
  factors: { name: string; found: FirstOrder; isClear: boolean }[];
  /** The search chose its points by results: what it tells of importance is biased. */
  isAdaptive: boolean;
};

export function importanceOf({ space, ranked, study, results }: StudyFacts): Importance {
  const factors = space.map((parameter): Bins => {
    const values = ranked.map(({ values }) => values[parameter.name]);
    if (parameter.kind === "categorical")
      return categoryBins(values.map((value) => (value === undefined ? -1 : parameter.choices.indexOf(value))));
    return quantileBins(values.map((value) => (value === undefined ? Number.NaN : Number(value))));
  });
  const found = firstOrderIndices(
    factors,
    ranked.map(({ value }) => value),
    { seed: study.search.seed },
  );
  const shareOf = (one: FirstOrder) => (one.kind === "measured" ? one.index : -1);
  return {
    factors: space
      .map(({ name }, at) => ({ name, found: found[at]!, isClear: isClear(found[at]!) }))
      .sort((a, b) => shareOf(b.found) - shareOf(a.found)),
    isAdaptive: isAdaptive(study.search.method) && results.some(({ origin }) => origin === "search"),
  };
}

const isClear = (one: FirstOrder): boolean => one.kind === "measured" && one.index > one.line;
