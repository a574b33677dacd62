import { Figure, LegendEntry } from "@/app/_ui/figures/figure.tsx";
import { type Mark, Plot, type Point } from "@/app/_ui/figures/plot.tsx";
import { spanOf, ticksOf } from "@/app/_ui/figures/scale.ts";
import type { Norms, RateEdge, StabilityData } from "@/lib/studies/panels/training/stability.ts";
import { countWords, valueWords } from "@/lib/words/numbers.ts";
import { percentWords } from "@/lib/words/report-words.ts";
import { trialWords } from "@/lib/words/studies/panels/panel-words.ts";
import { drawn } from "../frame/panel.ts";

const remedies = [
  "Warm the learning rate up, over 10 to 100,000 steps: the shortest that is stable.",
  "Clip gradients, at about the 90th percentile of their norms.",
  "Take another optimizer.",
  "Normalise inside the residual branch: x + f(norm(x)).",
  "Begin the residual branch at zero.",
  "Lower the learning rate, last of all.",
];

/** Where learning rates fail, how large gradients are, and what helps in which order. */
const Stability = ({ data: { edges, norms, isUnstable } }: { data: StabilityData }) => (
  <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
    {edges.length > 0 && (
      <ul className="grid gap-1 text-sm">
        {edges.map((edge) => (
          <li key={edge.parameter}>{edgeWords(edge)}</li>
        ))}
      </ul>
    )}
    {norms ? (
      <NormFigures norms={norms} />
    ) : (
      <p className="text-sm text-muted">
        No run logged gradient_norm. The norm before clipping, step by step, fills this.
      </p>
    )}
    <div className="text-sm">
      <h3 className="font-medium">
        {isUnstable ? "Remedies, in this order" : "Should training become unstable, in this order"}
      </h3>
      <ol className={`list-decimal pl-5 ${isUnstable ? "" : "text-muted"}`}>
        {remedies.map((remedy) => (
          <li key={remedy}>{remedy}</li>
        ))}
      </ol>
    </div>
  </div>
);

function edgeWords({ parameter, best, fails }: RateEdge): string {
  const of = best === null ? "no trial has worked yet" : `best at ${valueWords(best)}`;
  return `${parameter}: ${of}; ${fails === null ? "no rate above which all trials fail" : `from ${valueWords(fails)} on all trials failed`}.`;
}

const logTicks = (log: number): string => valueWords(Number((10 ** log).toPrecision(2)));

function NormFigures({ norms: { trial, steps, values, bins, p90, threshold, share } }: { norms: Norms }) {
  const logs = values.map((value) => Math.log10(Math.max(value, Number.MIN_VALUE)));
  const points = steps.map((step, at): Point => [step, logs[at]!]);
  const x = { from: steps[0]!, to: steps.at(-1)! };
  const level = (value: number, color: string): Mark => ({
    kind: "line",
    dashed: true,
    color,
    points: [
      [x.from, Math.log10(value)],
      [x.to, Math.log10(value)],
    ],
  });
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const legend = (
    <>
      <LegendEntry color="var(--warning)" dashed>
        90th percentile, {valueWords(p90)}
      </LegendEntry>
      {threshold !== null && (
        <LegendEntry color="var(--danger)" dashed>
          clipped above {valueWords(threshold)}: {percentWords(share ?? 0, 0)}
        </LegendEntry>
      )}
    </>
  );
  const lines = [...(threshold === null ? [] : [level(threshold, "var(--danger)")]), level(p90, "var(--warning)")];
  const span = spanOf([...logs, Math.log10(p90)], 4);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6 md:grid-cols-2 xl:max-w-240">
      <Figure
        id="figure-norms"
        title={`Gradient norm of ${trialWords(trial)}, before clipping`}
        summary={`${countWords(values.length, "point")}; 90th percentile ${valueWords(p90)}.`}
        table={{ columns: ["step", "largest norm"], rows: steps.map((step, at) => [step, values[at]!]) }}
        legend={legend}
      >
        <Plot
          height={220}
          x={{ ...x, label: "step" }}
          y={{ ...span, label: "norm (log)", format: logTicks }}
          marks={[{ kind: "line", points }, ...lines]}
        />
      </Figure>
      <Figure
        id="figure-norm-histogram"
        title="Steps by gradient norm"
        summary={`90th percentile ${valueWords(p90)}.`}
        table={{ columns: ["from", "to", "steps"], rows: bins.map(({ from, to, count }) => [from, to, count]) }}
      >
        <Plot
          height={220}
          x={{
            from: Math.log10(bins[0]?.from ?? 1),
            to: Math.log10(bins.at(-1)?.to ?? 10),
            label: "norm (log)",
            format: logTicks,
          }}
          y={{ from: 0, to: most, ticks: ticksOf({ from: 0, to: most }, 4), label: "steps" }}
          marks={[
            {
              kind: "bars",
              bars: bins.map(({ from, to, count }) => ({
                from: Math.log10(from),
                to: Math.log10(to),
                height: count,
                title: countWords(count, "step"),
              })),
            },
            {
              kind: "line",
              dashed: true,
              color: "var(--warning)",
              points: [
                [Math.log10(p90), 0],
                [Math.log10(p90), most],
              ],
            },
          ]}
        />
      </Figure>
    </div>
  );
}

export const stabilityPanel = drawn("stability", Stability);
