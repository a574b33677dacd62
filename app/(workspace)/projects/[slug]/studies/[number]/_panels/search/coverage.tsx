import { Facts } from "@/app/_ui/report/frame/facts.tsx";
import type { CoverageData } from "@/lib/studies/panels/search/coverage.ts";
import { countWords, decimalWords, numberWords, significantWords } from "@/lib/words/numbers.ts";
import { drawn, type PanelProps } from "../frame/panel.ts";
import { ScatterMatrix } from "./scatter-matrix.tsx";

/** Every pair of parameters, and how evenly the points lie. */
function Coverage({ data, review }: PanelProps & { data: CoverageData }) {
  const { shown, left, search, discrepancy, counts, pointsAnAxis } = data;
  const { axes } = review.panels;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 2xl:grid-cols-[minmax(0,560px)_minmax(0,1fr)]">
      <div className="min-w-0">
        {!("missing" in axes) && <ScatterMatrix axes={shown.map((at) => axes.data.axes[at]!)} />}
        {left > 0 && <p className="text-xs text-muted">{countWords(left, "further parameter")} left out.</p>}
      </div>
      <Facts
        facts={[
          ["Search", `${search.method}, seed ${search.seed}`],
          [
            "Discrepancy",
            discrepancy &&
              `${significantWords(discrepancy.measured, 3)} of ${countWords(discrepancy.points, "point")} in ${countWords(discrepancy.dimensions, "dimension")}; random points have ${significantWords(discrepancy.random, 3)} in the mean (centred L2, squared)`,
          ],
          ["Points an axis", decimalWords(pointsAnAxis, 1)],
          ...counts.map(({ name, arms, p }): [string, string] => [
            `Trials by ${name}`,
            `${arms.map(({ label, tried }) => `${label}: ${numberWords(tried)}`).join(", ")}; chi-squared p ${significantWords(p, 2)}`,
          ]),
        ]}
      />
    </div>
  );
}

export const coveragePanel = drawn("coverage", Coverage);
