import Link from "next/link";
import { cellKinds, classOrders } from "@/app/_ui/figures/class-order.ts";
import { ConfusionMatrix } from "@/app/_ui/figures/confusion-matrix.tsx";
import { evaluationSamplesHref } from "@/app/paths.ts";
import type { ConfusionData } from "@/lib/wire/evaluations/confusion.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { percentWords } from "@/lib/words/report-words.ts";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

/** Of more classes the top confusions come first, and the matrix is folded. */
const MATRIX_MAX = 30;
const TOP = { small: 8, large: 25 };

function Confusion({ page: { evaluation, run, sealed, stored }, query }: PanelProps) {
  const data = stored.report.panels.confusion;
  if (!data) return null;
  // of pixels no sample is one
  const hasSamples = !sealed && evaluation.task === "classification";
  const samplesHref = hasSamples ? evaluationSamplesHref(run.slug, run.id, evaluation.id) : null;
  const isLarge = data.classes.length > MATRIX_MAX;
  const matrix = (
    <ConfusionMatrix
      data={data}
      samplesHref={samplesHref}
      first={{
        cells: cellKinds.find((kind) => kind === query.get("cells")) ?? "counts",
        order: classOrders.find((order) => order === query.get("classes")) ?? "given",
      }}
    />
  );
  const top = <TopConfusions data={data} samplesHref={samplesHref} shown={isLarge ? TOP.large : TOP.small} />;
  if (!isLarge)
    return (
      <div className="grid gap-8 xl:grid-cols-[auto_minmax(260px,1fr)]">
        {[
          <div key="m" className="min-w-0">
            {matrix}
          </div>,
          <div key="t">{top}</div>,
        ]}
      </div>
    );
  return (
    <div className="grid gap-4">
      {top}
      <details>
        <summary className="w-fit text-sm text-accent">
          The matrix of {numberWords(data.classes.length)} classes
        </summary>
        <div className="pt-3">{matrix}</div>
      </details>
    </div>
  );
}

type TopConfusionsProps = { data: ConfusionData; samplesHref: string | null; shown: number };

function TopConfusions({ data: { classes, mistakes, rows, left }, samplesHref, shown }: TopConfusionsProps) {
  if (mistakes.length === 0) return <p className="text-sm text-muted">Nothing is mistaken for anything.</p>;
  const more = mistakes.length + left.cells - Math.min(shown, mistakes.length);
  return (
    <div className="overflow-x-auto">
      <table className="table flush dense max-w-160">
        <caption className="pb-1 text-left text-xs font-medium text-text">Top confusions</caption>
        <thead>
          <tr>
            <th>Truth</th>
            <th>Predicted as</th>
            <th className="number">Samples</th>
            <th className="number">Of its class</th>
          </tr>
        </thead>
        <tbody>
          {mistakes.slice(0, shown).map(([row, column, count]) => (
            <tr key={`${row} ${column}`}>
              <td>{classes[row]}</td>
              <td>{classes[column]}</td>
              <td className="number">
                {samplesHref === null ? (
                  numberWords(count)
                ) : (
                  <Link
                    prefetch={false}
                    href={`${samplesHref}?${new URLSearchParams({ truth: classes[row]!, predicted: classes[column]! })}`}
                    className="text-accent underline"
                  >
                    {numberWords(count)}
                  </Link>
                )}
              </td>
              <td className="number">{percentWords(count / rows[row]!)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="pt-1 text-xs text-muted">and {countWords(more, "rarer confusion")}</p>}
    </div>
  );
}

export const confusionPanel: ReportPanel = {
  name: "confusion",
  tasks: ["classification", "segmentation"],
  content: Confusion,
};
