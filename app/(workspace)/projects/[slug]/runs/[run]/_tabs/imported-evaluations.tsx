/** What another project or installation measured of the run, by its word: told apart from every result. */
import { Time } from "@/app/_ui/parts/time.tsx";
import type { listImportedEvaluations } from "@/lib/exports/imported.ts";
import { metricWords } from "@/lib/words/champions/champion-words.ts";
import { purposeWords } from "@/lib/words/look-words.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { confidenceWords, metricTitle } from "@/lib/words/report-words.ts";
import { TabSection } from "./tab-section.tsx";

type ImportedEvaluation = Awaited<ReturnType<typeof listImportedEvaluations>>[number];

/** The section; nothing where none came. */
export function ImportedEvaluations({ evaluations }: { evaluations: ImportedEvaluation[] }) {
  if (evaluations.length === 0) return null;
  return (
    <TabSection title="Came with an import">
      <p className="max-w-160 pb-3 text-sm text-muted">
        What another project or installation says that it measured. Nothing here computed it, so it is no result, and
        stands in no table, comparison or claim. To have it as one, let the checkpoint predict again here.
      </p>
      <ul className="grid gap-0 text-sm">
        {evaluations.map((one) => (
          <li key={one.id} className="grid gap-1 border-l-2 border-line pb-4 pl-4 last:pb-0">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-medium">{one.split}</span>
              <span className="wrap-anywhere text-muted">
                {one.by} in {one.project}, <Time at={one.at} />
              </span>
            </p>
            {one.purpose && (
              <p className="max-w-160 wrap-anywhere">
                The test split was opened ({purposeWords(one.purpose)}): {one.reason}
              </p>
            )}
            <Numbers report={one.report} />
            <p className="text-xs wrap-anywhere text-muted">
              {countWords(one.samples, "sample")}, step {numberWords(one.checkpoint.step)}; manifest{" "}
              {shortOf(one.manifest)}, split {shortOf(one.splitDigest)}, weights {shortOf(one.checkpoint.sha256)},
              predictions {shortOf(one.predictions)}
              {one.report && `, report ${shortOf(one.report.digest)}, by definitions ${one.report.definitionsVersion}`}
            </p>
          </li>
        ))}
      </ul>
    </TabSection>
  );
}

function Numbers({ report }: Pick<ImportedEvaluation, "report">) {
  if (report === null)
    return <p className="text-muted">Without its numbers: they didn't come along, or aren't yours to see.</p>;
  return (
    <dl
      className="flex flex-wrap gap-x-6 gap-y-1 tabular-nums"
      title={`Intervals at ${confidenceWords(report.confidence)}`}
    >
      {report.metrics.map((metric) => (
        <div key={metric.metric} className="flex flex-wrap gap-x-1.5">
          <dt className="text-muted">{metricTitle(metric.metric, metric.topK?.k)}</dt>
          <dd>{metricWords(metric)}</dd>
        </div>
      ))}
    </dl>
  );
}

const shortOf = (digest: string): string => digest.slice(0, 12);
