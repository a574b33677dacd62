import { IntervalBar } from "@/app/_ui/figures/interval-bar.tsx";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import type { VarianceData } from "@/lib/studies/panels/trust/variance.ts";
import { countWords, valueWords } from "@/lib/words/numbers.ts";
import { drawn } from "../frame/panel.ts";

/** Three sources of variance, those that nobody knows said so, and what differences show. */
function Variance({ data: { trial, best, samples, detectable } }: { data: VarianceData }) {
  const span = { from: 0, to: trial?.high ?? 1 };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 text-sm">
      <WideTable label="Sources of variance">
        <table className="table flush dense max-w-200">
          <thead>
            <tr>
              <th>Source</th>
              <th className="number">Deviation</th>
              <th>Interval, 95 %</th>
              <th>
                <span className="sr-only">Drawn</span>
              </th>
              <th>From</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>Seed, of one configuration</td>
              {trial ? (
                <>
                  <td className="number font-medium">{valueWords(trial.sd)}</td>
                  <td className="text-muted">
                    {valueWords(trial.low)} to {valueWords(trial.high)}
                  </td>
                  <td>
                    <IntervalBar span={span} value={trial.sd} low={trial.low} high={trial.high} />
                  </td>
                  <td>{countWords(trial.dof, "degree of freedom", "degrees of freedom")}</td>
                </>
              ) : (
                <Unknown what="Queue further seeds of a configuration." />
              )}
            </tr>
            <tr>
              <td>Search, of one study</td>
              <Unknown what="Run the study again with another seed of its search." />
            </tr>
            <tr>
              <td>Data, of one split</td>
              <Unknown what="Run the best configuration on other splits of the dataset." />
            </tr>
          </tbody>
        </table>
      </WideTable>
      {best && (
        <p>
          The best configuration, trial {best.number}, has a mean of {valueWords(best.mean)} ({valueWords(best.low)} to{" "}
          {valueWords(best.high)}) over {countWords(best.seeds, "seed")}.
        </p>
      )}
      {samples && (
        <p>
          On {countWords(samples.of, "validation sample")} the best is known to ± {valueWords(samples.half)} for the
          samples alone.
        </p>
      )}
      {detectable.length > 0 && (
        <p>
          Differences that are seen four times in five:{" "}
          {detectable
            .map(({ seeds, difference }) => `${valueWords(difference)} with ${countWords(seeds, "seed")} a side`)
            .join(", ")}
          .
        </p>
      )}
    </div>
  );
}

const Unknown = ({ what }: { what: string }) => (
  <>
    <td className="number text-muted">unknown</td>
    <td colSpan={3} className="text-muted">
      {what}
    </td>
  </>
);

export const variancePanel = drawn("variance", Variance);
