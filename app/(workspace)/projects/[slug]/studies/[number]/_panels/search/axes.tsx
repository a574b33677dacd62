import { LegendEntry } from "@/app/_ui/figures/figure.tsx";
import type { AxesData } from "@/lib/studies/panels/search/axes.ts";
import { countWords, numberWords, valueWords } from "@/lib/words/numbers.ts";
import { drawn, type PanelProps } from "../frame/panel.ts";
import { AxisFigures } from "./axis-figures.tsx";
import { Importance } from "./importance.tsx";

/** One plot a parameter, and which of them matter. */
function Axes({ data: { axes, good, lost, importance }, study }: PanelProps & { data: AxesData }) {
  const { metric, direction } = study.objective;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <p className="max-w-160 text-sm">
        {good
          ? `${numberWords(good.count)} of ${countWords(good.of, "configuration")} within ${valueWords(good.within)} of the best: ${reasons[good.by]}.`
          : "How many trials are as good as the best isn't known: a second seed of one of them, or a smallest difference in the study's plan, tells."}{" "}
        {lost.count > 0 && `${numberWords(lost.count)} infeasible, drawn as crosses.`}
      </p>
      <div className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        <LegendEntry color="var(--accent)" shape="dot">
          trial
        </LegendEntry>
        {good && (
          <LegendEntry color="var(--finished)" shape="dot">
            as good as the best
          </LegendEntry>
        )}
        {lost.count > 0 && (
          <LegendEntry color="var(--failed)" shape="dot">
            infeasible
          </LegendEntry>
        )}
        {axes.some(({ edge }) => edge !== null) && (
          <LegendEntry color="var(--warning)" shape="area">
            the end to be moved
          </LegendEntry>
        )}
      </div>
      <AxisFigures axes={axes} metric={metric} direction={direction} within={good?.within ?? null} />
      <Importance importance={importance} />
    </div>
  );
}

const reasons = {
  seeds: "twice the deviation of a seed",
  samples: "half of the interval on the validation split",
  smallest: "the smallest difference of interest",
};

export const axesPanel = drawn("axes", Axes);
