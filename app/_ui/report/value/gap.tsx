import Link from "next/link";
import { IntervalBar } from "@/app/_ui/figures/interval-bar.tsx";
import { spanOf } from "@/app/_ui/figures/scale.ts";
import { evaluationHref } from "@/app/paths.ts";
import { gapOf } from "@/lib/evaluations/live/gap.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { gapWords } from "@/lib/words/report/value-words.ts";
import { intervalWords, isUndefined, measuredWords, metricTitle } from "@/lib/words/report-words.ts";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

/** The checkpoint on both splits, and how far they lie apart. */
function Gap({ page: { evaluation, beside, run } }: PanelProps) {
  const found = gapOf(evaluation, beside);
  if (!found) return null;
  const { rows, gap } = found;
  const metric = rows[0]!.lead.metric;
  const span = spanOf(
    rows.flatMap(({ lead }) =>
      [lead.value, ...(isUndefined(lead.interval) ? [] : [lead.interval.low, lead.interval.high])].filter(
        (one) => typeof one === "number",
      ),
    ),
  );
  return (
    <div className="grid gap-2 text-sm">
      <div className="overflow-x-auto">
        <table className="table flush dense max-w-160">
          <thead>
            <tr>
              <th>Split</th>
              <th className="number">{metricTitle(metric)}</th>
              <th>Interval</th>
              <th>
                <span className="sr-only">Drawn</span>
              </th>
              <th className="number">Samples</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ split, id, lead }) => (
              <tr key={split}>
                <td>
                  {id === evaluation.id ? (
                    split
                  ) : (
                    <Link
                      prefetch={false}
                      href={evaluationHref(run.slug, run.id, id)}
                      className="text-accent underline"
                    >
                      {split}
                    </Link>
                  )}
                </td>
                <td className="number font-medium">{measuredWords(lead.value, metric)}</td>
                <td className="text-muted">{intervalWords(lead.interval, metric)}</td>
                <td>
                  <IntervalBar
                    span={span}
                    value={typeof lead.value === "number" ? lead.value : null}
                    low={isUndefined(lead.interval) ? null : lead.interval.low}
                    high={isUndefined(lead.interval) ? null : lead.interval.high}
                  />
                </td>
                <td className="number">{numberWords(lead.samples)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {gap && <p>{gapWords(gap, metric)}</p>}
      <p className="text-xs text-muted">
        Train isn't among them: what a trainer logs of it is measured with dropout on and while weights change.
      </p>
    </div>
  );
}

export const gapPanel: ReportPanel = { name: "gap", content: Gap };
