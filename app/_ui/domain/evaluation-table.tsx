import Link from "next/link";
import { evaluationHref, manifestHref, runHref } from "@/app/paths.ts";
import type { ListedEvaluation } from "@/lib/evaluations/live/listed.ts";
import { purposeWords } from "@/lib/words/look-words.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { evaluationStatusWords } from "@/lib/words/report/protocol-words.ts";
import { intervalWords, measuredWords, metricTitle } from "@/lib/words/report-words.ts";
import { Badge } from "../parts/badge.tsx";
import { Time } from "../parts/time.tsx";

type EvaluationTableProps = {
  slug: string;
  evaluations: ListedEvaluation[];
  /** Whether each row names its run: not on the run's own page. */
  withRun: boolean;
  /** Whether rows can be chosen: a form around the table takes them as `e`. */
  canChoose?: boolean;
};

/** Evaluations, the newest first, each with the number that its report leads with. */
export function EvaluationTable({ slug, evaluations, withRun, canChoose = false }: EvaluationTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it sideways
    <div className="overflow-x-auto" tabIndex={0}>
      <table className="table bleed">
        <thead>
          <tr>
            {canChoose && (
              <th>
                <span className="sr-only">Compare</span>
              </th>
            )}
            <th>Report</th>
            {withRun && <th>Run</th>}
            <th>Metric</th>
            <th className="number">Value</th>
            <th>Interval</th>
            <th className="number">Samples</th>
            <th>Split of</th>
            <th className="number">Step</th>
            <th>Look</th>
            <th>By</th>
            <th>Made</th>
          </tr>
        </thead>
        <tbody>
          {evaluations.map((one) => (
            <tr key={one.id}>
              {canChoose && (
                <td className="w-8">
                  {one.lead && (
                    <input
                      type="checkbox"
                      name="e"
                      value={`${one.run}/${one.id}`}
                      aria-label={`Compare ${one.runName} on ${one.split}`}
                      className="align-middle accent-(--accent)"
                    />
                  )}
                </td>
              )}
              <td>
                <Link
                  prefetch={false}
                  href={evaluationHref(slug, one.run, one.id)}
                  className="inline-flex items-center gap-2 font-medium hover:text-accent"
                >
                  {one.split}
                  {one.status !== "done" && <Badge tone="accent">{evaluationStatusWords(one.status)}</Badge>}
                </Link>
              </td>
              {withRun && (
                <td className="max-w-60 truncate">
                  <Link prefetch={false} href={runHref(slug, one.run)} className="hover:text-accent">
                    {one.runName}
                  </Link>
                </td>
              )}
              <td>{one.lead && metricTitle(one.lead.metric, one.lead.topK?.k)}</td>
              <td className="number font-medium">{one.lead && measuredWords(one.lead.value, one.lead.metric)}</td>
              <td className="text-muted">{one.lead && intervalWords(one.lead.interval, one.lead.metric)}</td>
              <td className="number">{numberWords(one.samples)}</td>
              <td className="max-w-48 truncate">
                <Link prefetch={false} href={manifestHref(slug, one.manifest)} className="hover:text-accent">
                  {one.manifestName}
                </Link>
              </td>
              <td className="number">{numberWords(one.step)}</td>
              <td className="text-muted">
                {one.look !== null && `look ${numberWords(one.look)}`}
                {one.purpose && `, ${purposeWords(one.purpose)}`}
              </td>
              <td className="max-w-40 truncate text-muted">{one.createdBy}</td>
              <td className="text-muted">
                <Time at={one.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
