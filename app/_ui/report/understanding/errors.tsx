import Link from "next/link";
import { evaluationSamplesHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { readErrorSamples } from "@/lib/evaluations/live/error-samples.ts";
import { readLabelMarks } from "@/lib/evaluations/live/label-marks.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { errorListWords } from "@/lib/words/report/panel-words.ts";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";
import { ErrorCard } from "./error-card.tsx";
import { LabelMarks } from "./label-mark.tsx";

const SHOWN = 8;

/** The samples that say most of what is wrong, list by list. */
async function ErrorsPanel({ page, member }: PanelProps) {
  const { evaluation, run, sealed, stored } = page;
  const errors = stored.report.panels.errors;
  if (!errors) return null;
  if (sealed) {
    const counts = errors.lists.map(
      ({ kind, total }) => `${errorListWords(kind).title}: ${countWords(total, "sample")}`,
    );
    return (
      <p className="text-sm">
        {counts.join("; ")}. The labels of this split are sealed: no sample is shown, and no right or wrong of one.
      </p>
    );
  }
  const lists = await readErrorSamples(
    member,
    { run: run.id, evaluation: evaluation.id },
    {
      errors,
      projectId: run.projectId,
      shown: SHOWN,
    },
  );
  const suspected = lists.find(({ kind }) => kind === "suspected-labels")?.rows.map(({ key }) => key) ?? [];
  const marks = await readLabelMarks(evaluation, suspected);
  const filled = lists.filter(({ rows }) => rows.length > 0);
  if (filled.length === 0) return null;
  const place = { slug: run.slug, manifest: evaluation.manifest };
  return (
    <div className="grid gap-5">
      {filled.map(({ kind, total, rows }) => {
        const { title, figure, about } = errorListWords(kind);
        return (
          <section key={kind} aria-label={title} className="grid gap-2">
            <h3 className="text-sm font-medium">
              {title}{" "}
              <span className="font-normal text-muted">
                {about} {rows.length < total && `${countWords(total, "sample")}.`}
              </span>
            </h3>
            <ul className="grid grid-cols-[repeat(auto-fill,minmax(132px,1fr))] gap-2">
              {rows.map((sample) => (
                <ErrorCard key={sample.key} sample={sample} figure={figure} classes={evaluation.classes} place={place}>
                  {kind === "suspected-labels" && (
                    <LabelMarks
                      place={{ run: run.id, evaluation: evaluation.id }}
                      sampleKey={sample.key}
                      mark={marks.get(sample.key) ?? null}
                      canMark={can(member, "labels.mark", run.projectId)}
                    />
                  )}
                </ErrorCard>
              ))}
            </ul>
          </section>
        );
      })}
      <Link
        prefetch={false}
        href={evaluationSamplesHref(
          run.slug,
          run.id,
          evaluation.id,
          evaluation.classes && evaluation.form !== "mask" ? "answer=wrong" : "",
        )}
        className="w-fit text-sm text-accent underline print:hidden"
      >
        All samples, the worst first
      </Link>
    </div>
  );
}

export const errorsPanel: ReportPanel = { name: "errors", content: ErrorsPanel };
