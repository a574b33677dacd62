import { numberWords } from "@/lib/words/numbers.ts";
import { countedAsZeroWords, topKTiesWords } from "@/lib/words/report/headline-words.ts";
import {
  confidenceWords,
  intervalWords,
  isUndefined,
  measuredWords,
  methodWords,
  metricTitle,
} from "@/lib/words/report-words.ts";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

function Headline({ page: { stored } }: PanelProps) {
  const { headline, confusion } = stored.report.panels;
  if (!headline) return null;
  const { metrics, countedAsZero, logLossEpsilon } = headline;
  const notes = [
    ...(countedAsZero.length > 0
      ? [countedAsZeroWords(countedAsZero.map((at) => confusion?.classes[at] ?? String(at)))]
      : []),
    ...metrics.flatMap(({ topK }) => (topK && topK.ties > 0 ? [topKTiesWords(topK)] : [])),
    ...(logLossEpsilon === null ? [] : [`Log loss clips probabilities at ${logLossEpsilon.toPrecision(3)}.`]),
  ];
  return (
    <div className="grid gap-2">
      <div className="overflow-x-auto">
        <table className="table flush dense max-w-200">
          <thead>
            <tr>
              <th>Metric</th>
              <th className="number">Value</th>
              <th>{confidenceWords(stored.report.confidence)} interval</th>
              <th>Method</th>
              <th className="number">Samples</th>
            </tr>
          </thead>
          <tbody>
            {metrics.map(({ metric, value, interval, samples, topK }) => (
              <tr key={metric}>
                <td>{metricTitle(metric, topK?.k)}</td>
                <td className={typeof value === "number" ? "number font-medium" : "number text-muted"}>
                  {measuredWords(value, metric)}
                </td>
                <td>{intervalWords(interval, metric)}</td>
                <td className="text-muted">{isUndefined(interval) ? "" : methodWords(interval)}</td>
                <td className="number text-muted">{numberWords(samples)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {notes.length > 0 && <p className="text-xs text-muted">{notes.join(" ")}</p>}
    </div>
  );
}

export const headlinePanel: ReportPanel = { name: "headline", content: Headline };
