import { Figure, LegendEntry } from "@/app/_ui/figures/figure.tsx";
import { Plot, type Point } from "@/app/_ui/figures/plot.tsx";
import { spanOf } from "@/app/_ui/figures/scale.ts";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import type { ThroughputData } from "@/lib/studies/panels/training/throughput.ts";
import { numberWords, significantWords } from "@/lib/words/numbers.ts";
import { percentWords } from "@/lib/words/report-words.ts";
import { drawn } from "../frame/panel.ts";

/** Examples a second by batch size, with the knee beyond which a larger one gains nothing. */
function Throughput({ data: { probes, metric, scaling, wait } }: { data: ThroughputData }) {
  const at = (batch: number) => Math.log2(batch);
  const middles = probes.map(({ batch, middle }): Point => [at(batch), middle]);
  const [first, last] = [at(probes[0]!.batch), at(probes.at(-1)!.batch)];
  const knee = scaling?.saturatedAt ?? null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:grid-cols-[minmax(0,380px)_minmax(0,1fr)]">
      <Figure
        id="figure-throughput"
        title="Throughput by batch size"
        summary={probes.map(({ batch, middle }) => `${batch}: ${significantWords(middle, 3)}`).join("; ")}
        table={{
          columns: ["batch size", "runs", "25 %", "median", "75 %", "seconds a step"],
          rows: probes.map((one) => [one.batch, one.runs, one.low, one.middle, one.high, one.seconds]),
        }}
        legend={
          knee !== null && (
            <LegendEntry color="var(--warning)" shape="area">
              no gain
            </LegendEntry>
          )
        }
      >
        <Plot
          height={220}
          x={{
            from: first - 0.3,
            to: last + 0.3,
            label: "batch size",
            ticks: probes.map(({ batch }) => at(batch)),
            format: (log) => numberWords(Math.round(2 ** log)),
          }}
          y={{ ...spanOf([0, ...probes.flatMap(({ low, high }) => [low, high])], 4), label: "examples a second" }}
          marks={[
            ...(knee === null
              ? []
              : [{ kind: "region" as const, from: at(knee), to: last + 0.3, color: "var(--warning)" }]),
            { kind: "whiskers", ends: probes.map(({ batch, low, high }) => ({ x: at(batch), low, high })) },
            { kind: "line", points: middles },
            { kind: "dots", points: middles },
          ]}
        />
      </Figure>
      <div className="grid min-w-0 content-start gap-2 text-sm">
        <WideTable label="Throughput by batch size">
          <table className="table flush dense">
            <thead>
              <tr>
                <th className="number">Batch</th>
                <th className="number">Runs</th>
                <th className="number">Examples a second</th>
                <th className="number">Seconds a step</th>
                <th className="number">Of twice the one before</th>
              </tr>
            </thead>
            <tbody>
              {probes.map(({ batch, runs, middle, seconds }, place) => (
                <tr key={batch}>
                  <td className="number">{numberWords(batch)}</td>
                  <td className="number">{numberWords(runs)}</td>
                  <td className="number font-medium">{significantWords(middle, 3)}</td>
                  <td className="number">{significantWords(seconds, 3)}</td>
                  <td className="number">
                    {place > 0 && scaling ? percentWords(scaling.efficiencies[place - 1]!, 0) : ""}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </WideTable>
        <p className="text-muted">
          {metric === null
            ? "By the time of whole runs, evaluations included: runs that log images_per_second tell more."
            : `By ${metric.replace(/^-\//, "")}, as runs logged it.`}{" "}
          {wait === null
            ? "How long a step waits for data isn't known: no run logged data_wait and compute."
            : `${percentWords(wait, 0)} of a step is spent waiting for data.`}
        </p>
      </div>
    </div>
  );
}

export const throughputPanel = drawn("throughput", Throughput);
