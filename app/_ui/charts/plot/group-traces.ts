/** From the points of many runs to a trace a group: the mean over its runs, and the band it lies in. Pure. */
import { seriesKey } from "@/lib/wire/points/series-name.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { groupMean } from "./group-mean.ts";
import { smooth, smoothGaussian } from "./smoothing.ts";
import { type ChartView, type CurveLook, type CurveSeries, DENSE, lineLook, type Trace, xValues } from "./traces.ts";

/** Runs whose curves are drawn as one, their mean. */
export type PlotGroup = {
  key: string;
  name: string;
  look: CurveLook;
  /** How many runs it has; those of `members` are the newest of them. */
  count: number;
  /** By run: what it repeats; runs of one unit count once. */
  members: ReadonlyMap<string, string>;
};

/** Of an envelope each pixel's mean is taken, never its extremes. */
export function groupTraces(groups: PlotGroup[], curves: CurveSeries[], view: ChartView): Trace[] {
  const smoother = view.method === "gaussian" ? smoothGaussian : smooth;
  const isOneSplit = new Set(curves.map(({ split }) => split)).size <= 1;
  const names = [...new Set(curves.map(seriesKey))];
  return groups.flatMap((group) =>
    names.flatMap((name) => {
      const own = curves.filter((one) => seriesKey(one) === name && group.members.has(one.run) && one.steps.length > 0);
      if (own.length === 0) return [];
      const units = new Set(own.map(({ run }) => group.members.get(run)));
      const lineOf = (one: CurveSeries, isStep: boolean) => {
        const base = one.means ?? one;
        const x = xValues(base, view.x, one.origin, one.axis);
        return { x, y: isStep ? base.steps : base.values, unit: group.members.get(one.run)! };
      };
      const { mean, band } = groupMean(own.map((one) => lineOf(one, false)));
      const { split } = own[0]!;
      const label = `${group.name} (${countWords(units.size, group.count)})`;
      return {
        key: `${group.key} ${name}`,
        owner: group.key,
        label,
        split,
        name: [label, split].filter(Boolean).join(" "),
        ...lineLook(group.look, split, { isOneSplit, isDense: mean.x.length >= DENSE }),
        // over another axis a place is reached by each run at a step of its own: the mean one is said
        steps: view.x === "step" ? mean.x : Float64Array.from(groupMean(own.map((one) => lineOf(one, true))).mean.y),
        raw: mean,
        smoothed: view.smoothing > 0 ? { x: mean.x, y: smoother(mean.x, mean.y, view.smoothing) } : null,
        band,
      };
    }),
  );
}

/** `n = 5`, `n = 20 of 45 runs`, `one run`. */
const countWords = (n: number, count: number): string =>
  n === count ? (n === 1 ? "one run" : `n = ${n}`) : `n = ${n} of ${numberWords(count)} runs`;
