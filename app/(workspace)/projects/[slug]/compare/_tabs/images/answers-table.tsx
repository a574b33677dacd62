/** A row a sample of the validation split, a column a run: what each model answered, beside what is true. */
import { Thumbnail } from "@/app/_ui/domain/thumbnail.tsx";
import { evaluationSamplesHref, overlayApi } from "@/app/paths.ts";
import type { ComparedAnswers } from "@/lib/compare/read-answers.ts";
import { numberWords, valueWords } from "@/lib/words/numbers.ts";
import { type RunColumn, RunHeads } from "./run-heads.tsx";

type AnswersTableProps = { slug: string; runs: RunColumn[]; answers: ComparedAnswers };

export function AnswersTable({ slug, runs, answers }: AnswersTableProps) {
  const { task, samples, manifest, others } = answers;
  const columns = answers.runs.map((one) => ({ ...one, column: runs.find(({ id }) => id === one.run)! }));
  return (
    <section aria-label="Answers to the same samples" className="text-sm">
      <h2 className="border-b border-line px-4 py-2 md:px-6">
        <span className="font-medium">Answers to the same validation samples</span>
        <span className="pl-3 text-xs text-muted">{answersNote(answers)}</span>
      </h2>
      <div className="overflow-x-auto">
        <table>
          <thead>
            <tr className="border-b border-line">
              <th scope="col" className="sticky left-0 z-10 bg-bg px-4 text-left align-bottom font-medium md:px-6">
                Sample
              </th>
              <th scope="col" className="px-2 text-left align-bottom font-medium">
                {task === "segmentation" ? "" : "Truth"}
              </th>
              <RunHeads runs={columns.map(({ column }) => column)} />
            </tr>
          </thead>
          <tbody>
            {samples.map(({ key, truth, thumbnail, answers: told }) => (
              <tr key={key} className="h-8 border-b border-line">
                <th scope="row" className="sticky left-0 z-10 max-w-60 bg-bg px-4 text-left font-normal md:px-6">
                  <span className="flex items-center gap-2">
                    {thumbnail && <Thumbnail place={{ slug, manifest }} sampleKey={key} size={32} />}
                    <span className="truncate" title={key}>
                      {key}
                    </span>
                  </span>
                </th>
                <td className="max-w-48 truncate px-2">{truth === null ? "" : toldWords(truth)}</td>
                {columns.map(({ run, evaluation, column }, at) => (
                  <td key={run} className="max-w-70 px-2">
                    {task === "segmentation" ? (
                      // biome-ignore lint/performance/noImgElement: drawn by the server for who may see it
                      <img
                        src={overlayApi(run, evaluation, key)}
                        alt={`True mask, the one of ${column.name}, and where they differ, for ${key}`}
                        loading="lazy"
                        className="min-h-12 w-full rounded-sm border border-line bg-surface"
                      />
                    ) : (
                      <Answer told={told[at]!} truth={truth!} isClass={task === "classification"} />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr className="h-8">
              <th scope="row" colSpan={2} className="sticky left-0 bg-bg px-4 text-left font-normal text-muted md:px-6">
                {others > 0 && `${numberWords(others)} more were evaluated, on another split or beyond these.`}
              </th>
              {columns.map(({ run, evaluation, step }) => (
                <td key={run} className="px-2 text-xs text-muted">
                  <a href={evaluationSamplesHref(slug, run, evaluation)} className="text-accent hover:underline">
                    all samples
                  </a>
                  , step {numberWords(step)}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

function answersNote({ task, total, differing, samples }: ComparedAnswers): string {
  if (task !== "classification") return `the worst ${numberWords(samples.length)} of ${numberWords(total)}`;
  if (differing === 0) return `all models answer alike on ${numberWords(total)} samples; the worst come first`;
  return `they differ on ${numberWords(differing)} of ${numberWords(total)}, which come first`;
}

const toldWords = (told: string | number): string => (typeof told === "number" ? valueWords(told) : told);

type AnswerProps = { told: string | number | null; truth: string | number; isClass: boolean };

/** A sign beside the colour says whether a class is right; a number says how far it is off. */
function Answer({ told, truth, isClass }: AnswerProps) {
  if (told === null) return <span className="text-muted">no answer</span>;
  if (!isClass)
    return (
      <span className="whitespace-nowrap">
        {toldWords(told)}{" "}
        <span className="text-xs text-muted">
          {Number(told) > Number(truth) ? "+" : ""}
          {valueWords(Number(told) - Number(truth))}
        </span>
      </span>
    );
  const isRight = told === truth;
  return (
    <span className={isRight ? "text-muted" : "text-danger"}>
      <span role="img" aria-label={isRight ? "right" : "wrong"} className="inline-block w-4">
        {isRight ? "✓" : "✗"}
      </span>
      <span className="wrap-anywhere">{toldWords(told)}</span>
    </span>
  );
}
