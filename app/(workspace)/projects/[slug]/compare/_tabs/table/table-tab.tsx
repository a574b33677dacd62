/** Everything of the runs that has a value in a cell: a row a fact, a column a run. */
import { runHref } from "@/app/paths.ts";
import { compareMetrics, summaryFor } from "@/lib/compare/comparison.ts";
import { fromWireFloat } from "@/lib/wire/base/words.ts";
import { seriesKey, seriesWords } from "@/lib/wire/points/series-name.ts";
import { differenceVerdict } from "@/lib/words/comparison-words.ts";
import { valueWords } from "@/lib/words/numbers.ts";
import type { CompareTabProps } from "../tab.ts";

export async function TableTab({ member, project, facts, state }: CompareTabProps) {
  const { runs } = facts;
  const series = await compareMetrics(member, project, facts, state.summary ?? summaryFor(project));
  return (
    <div className="overflow-x-auto">
      <table className="text-sm">
        <thead>
          <tr className="h-8 border-b border-line">
            <th scope="col" className="px-4 text-left font-medium">
              Run
            </th>
            {runs.map(({ id, name }) => (
              <th key={id} scope="col" className="px-4 text-left font-medium">
                <a href={runHref(project.slug, id)}>{name}</a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.map((row) => (
            <tr key={seriesKey(row)} className="h-8 border-b border-line">
              <th scope="row" className="px-4 text-left font-normal text-muted">
                {seriesWords(row)}
              </th>
              {row.values.map((value, at) => (
                <td key={runs[at]!.id} className="px-4 text-right">
                  {value === null ? "" : valueWords(fromWireFloat(value))}{" "}
                  <span className="text-xs text-muted">{differenceVerdict(row.differences[at]!)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
