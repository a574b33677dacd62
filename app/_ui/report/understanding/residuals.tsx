import { Figure } from "@/app/_ui/figures/figure.tsx";
import { Plot, type Point } from "@/app/_ui/figures/plot.tsx";
import { spanOf } from "@/app/_ui/figures/scale.ts";
import type { Residuals } from "@/lib/wire/evaluations/residuals.ts";
import { countWords, numberWords, significantWords } from "@/lib/words/numbers.ts";
import { intervalWords, measuredWords } from "@/lib/words/report-words.ts";

/** Residuals by prediction, their quantiles beside a normal law's, and the error by range. */
export function ResidualsPanel({
  residuals: { marks, binned, quantiles, mean, sd, ranges },
}: {
  residuals: Residuals;
}) {
  const dots = marks.predicted.map((x, at): Point => [x, marks.residual[at]!]);
  const x = spanOf(marks.predicted);
  const largest = marks.samples.reduce((a, b) => Math.max(a, b), 1);
  const pairs = quantiles.normal.map((one, at): Point => [one, quantiles.residual[at]!]);
  const law = spanOf(quantiles.normal);
  const spread = `mean ${measuredWords(mean, "bias")}, standard deviation ${measuredWords(sd, "rmse")}`;
  return (
    <div className="grid gap-6">
      <div className="grid gap-6 md:grid-cols-2 print:grid-cols-2">
        <Figure
          id="figure-residuals"
          title={binned ? "Residual by prediction, in cells" : "Residual by prediction"}
          summary={`${countWords(dots.length, binned ? "cell" : "sample")}: ${spread}.`}
          table={{
            columns: ["predicted", "residual", "samples"],
            rows: dots.map(([a, b], at) => [a, b, marks.samples[at]!]),
          }}
        >
          <Plot
            x={{ ...x, label: "predicted" }}
            y={{ ...spanOf([0, ...marks.residual]), label: "predicted less true" }}
            marks={[
              {
                kind: "line",
                points: [
                  [x.from, 0],
                  [x.to, 0],
                ],
                color: "var(--line-strong)",
                dashed: true,
              },
              ...sizesOf(marks.samples, largest, binned).map(({ of, radius }) => ({
                kind: "dots" as const,
                points: of.map((at) => dots[at]!),
                radius,
                opacity: binned ? 0.7 : 0.45,
              })),
            ]}
          />
        </Figure>
        {pairs.length > 0 && (
          <Figure
            id="figure-qq"
            title="Q–Q: residuals against a normal law"
            summary={`${countWords(pairs.length, "quantile")}; ${spread}.`}
            table={{ columns: ["normal", "residual"], rows: pairs }}
          >
            <Plot
              x={{ ...law, label: "quantile of a normal law" }}
              y={{ ...spanOf(quantiles.residual), label: "quantile of the residuals" }}
              marks={[
                {
                  kind: "line",
                  points: [
                    [law.from, law.from],
                    [law.to, law.to],
                  ],
                  color: "var(--line-strong)",
                  dashed: true,
                },
                { kind: "dots", points: pairs, radius: 2 },
              ]}
            />
          </Figure>
        )}
      </div>
      <RangeTable ranges={ranges} />
    </div>
  );
}

/** Of cells three sizes tell how many samples are in them. */
function sizesOf(samples: number[], largest: number, binned: boolean): { of: number[]; radius: number }[] {
  const all = samples.map((_, at) => at);
  if (!binned) return [{ of: all, radius: 2 }];
  const sizeOf = (at: number) => Math.min(2, Math.floor(Math.sqrt(samples[at]! / largest) * 3));
  return [0, 1, 2].map((size) => ({ of: all.filter((at) => sizeOf(at) === size), radius: 1.5 + size * 1.25 }));
}

function RangeTable({ ranges }: { ranges: Residuals["ranges"] }) {
  return (
    <div className="overflow-x-auto">
      <table className="table flush dense max-w-200">
        <caption className="pb-1 text-left text-sm font-medium text-text">Error by range of the truth</caption>
        <thead>
          <tr>
            <th>Truth</th>
            <th className="number">Samples</th>
            <th className="number">Mean absolute error</th>
            <th>Interval</th>
            <th className="number">Bias</th>
            <th>Interval</th>
          </tr>
        </thead>
        <tbody>
          {ranges.map(({ from, to, samples, mae, bias }) => (
            <tr key={from}>
              <td>
                {significantWords(from, 4)} to {significantWords(to, 4)}
              </td>
              <td className="number">{numberWords(samples)}</td>
              <td className="number">{measuredWords(mae.value, "mae")}</td>
              <td className="text-muted">{intervalWords(mae.interval, "mae")}</td>
              <td className="number">{measuredWords(bias.value, "bias")}</td>
              <td className="text-muted">{intervalWords(bias.interval, "bias")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
