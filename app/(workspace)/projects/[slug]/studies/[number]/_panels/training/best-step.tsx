import { Figure, LegendEntry } from "@/app/_ui/figures/figure.tsx";
import { Plot } from "@/app/_ui/figures/plot.tsx";
import { ticksOf, UNIT } from "@/app/_ui/figures/scale.ts";
import type { BestStepData } from "@/lib/studies/panels/training/best-step.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { percentWords } from "@/lib/words/report-words.ts";
import { drawn } from "../frame/panel.ts";

/** At which part of their steps runs were best, with the two zones that say they are too long or too short. */
function BestStep({ data: { counts, trials, early, late } }: { data: BestStepData }) {
  const most = Math.max(...counts, 1);
  const width = 1 / counts.length;
  const zone = (from: number, to: number) => ({ kind: "region" as const, from, to, color: "var(--warning)" });
  return (
    <div className="grid gap-4 md:grid-cols-[minmax(0,380px)_minmax(0,1fr)]">
      <Figure
        id="figure-best-step"
        title="Trials by the part of their steps at which they were best"
        summary={`${countWords(trials, "trial")}; ${percentWords(early)} best in the first tenth, ${percentWords(late)} in the last quarter.`}
        table={{
          columns: ["from", "to", "trials"],
          rows: counts.map((count, at) => [at * width, (at + 1) * width, count]),
        }}
        legend={
          <LegendEntry color="var(--warning)" shape="area">
            far too long, too short
          </LegendEntry>
        }
      >
        <Plot
          height={190}
          x={{ ...UNIT, label: "best step ÷ last step" }}
          y={{ from: 0, to: most, ticks: ticksOf({ from: 0, to: most }).filter(Number.isInteger), label: "trials" }}
          marks={[
            zone(0, 0.1),
            zone(0.75, 1),
            {
              kind: "bars",
              bars: counts.map((height, at) => ({
                from: at * width,
                to: (at + 1) * width,
                height,
                title: countWords(height, "trial"),
              })),
            },
          ]}
        />
      </Figure>
      <p className="max-w-140 text-sm">
        Of {countWords(trials, "whole trial")} {percentWords(early, 0)} were best in the first tenth of their steps and{" "}
        {percentWords(late, 0)} in the last quarter.
      </p>
    </div>
  );
}

export const bestStepPanel = drawn("best-step", BestStep);
