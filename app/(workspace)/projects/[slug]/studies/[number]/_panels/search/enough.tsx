import { Figure, LegendEntry } from "@/app/_ui/figures/figure.tsx";
import { Plot, type Point } from "@/app/_ui/figures/plot.tsx";
import { spanOf } from "@/app/_ui/figures/scale.ts";
import type { EnoughData } from "@/lib/studies/panels/search/enough.ts";
import { countWords, numberWords, valueWords } from "@/lib/words/numbers.ts";
import { drawn, type PanelProps } from "../frame/panel.ts";

type EnoughProps = { data: EnoughData; metric: string };

const Enough = ({ data, study }: PanelProps & { data: EnoughData }) => (
  <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6 md:grid-cols-2 xl:max-w-240">
      <BestOfK data={data} metric={study.objective.metric} />
      <ExpectedBest data={data} metric={study.objective.metric} />
    </div>
    <p className="max-w-160 text-sm">
      The best of {countWords(data.trials, "such trial")} lies within {valueWords(data.spread)} in half of all searches;{" "}
      {data.noise === null
        ? "how much of that is noise isn't known: a second seed of a trial tells"
        : `the noise is ${valueWords(data.noise)}`}
      . The second half of the trials was worth {valueWords(data.gain)}.
    </p>
  </div>
);

/** Box plots of the best of k trials, and the noise around the best of all. */
function BestOfK({ data: { boxes, noise }, metric }: EnoughProps) {
  const last = boxes.at(-1)!;
  const line = (y: number): Point[] => [
    [-0.5, y],
    [boxes.length - 0.5, y],
  ];
  return (
    <Figure
      id="figure-best-of-k"
      title="Best of k trials: quartiles, and from 5 to 95 %"
      summary={boxes
        .map(({ k, first, middle, third }) => `of ${k}: ${[first, middle, third].map(valueWords).join(", ")}`)
        .join("; ")}
      table={{
        columns: ["k", "5 %", "25 %", "50 %", "75 %", "95 %"],
        rows: boxes.map(({ k, low, first, middle, third, high }) => [k, low, first, middle, third, high]),
      }}
      legend={
        noise !== null && (
          <LegendEntry color="var(--muted)" shape="area">
            noise around the best
          </LegendEntry>
        )
      }
    >
      <Plot
        height={220}
        x={{
          from: -0.5,
          to: boxes.length - 0.5,
          label: "k",
          ticks: boxes.map((_, at) => at),
          format: (at) => numberWords(boxes[at]!.k),
        }}
        y={{
          ...spanOf(
            boxes.flatMap(({ low, high }) => [low, high]),
            4,
          ),
          label: metric,
        }}
        marks={[
          ...(noise === null
            ? []
            : [
                {
                  kind: "band" as const,
                  low: line(last.middle - noise),
                  high: line(last.middle + noise),
                  color: "var(--muted)",
                },
              ]),
          { kind: "whiskers", ends: boxes.map(({ low, high }, x) => ({ x, low, high })) },
          {
            kind: "boxes",
            width: 0.5,
            boxes: boxes.map(({ first, middle, third }, x) => ({ x, low: first, middle, high: third })),
          },
        ]}
      />
    </Figure>
  );
}

function ExpectedBest({ data: { expected }, metric }: EnoughProps) {
  const points = expected.map(({ n, best }): Point => [n, best]);
  return (
    <Figure
      id="figure-expected-best"
      title="Expected best of so many trials"
      summary={expected.map(({ n, best }) => `of ${n}: ${valueWords(best)}`).join("; ")}
      table={{ columns: ["trials", `expected best ${metric}`], rows: points }}
    >
      <Plot
        height={220}
        x={{ from: 1, to: Math.max(2, expected.at(-1)!.n), label: "trials" }}
        y={{
          ...spanOf(
            points.map(([, y]) => y),
            4,
          ),
          label: metric,
        }}
        marks={[{ kind: "line", points }]}
      />
    </Figure>
  );
}

export const enoughPanel = drawn("enough", Enough);
