import { Figure } from "@/app/_ui/figures/figure.tsx";
import { Plot, type Point } from "@/app/_ui/figures/plot.tsx";
import { spanOf } from "@/app/_ui/figures/scale.ts";
import { readSelection } from "@/lib/evaluations/live/selection.ts";
import { selectionWords } from "@/lib/words/report/value-words.ts";
import { metricTitle, scaledWords } from "@/lib/words/report-words.ts";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

/** How many were looked at on validation, and what the best of them owes to that. */
async function SelectionPanel({ page: { beside } }: PanelProps) {
  const selection = await readSelection(beside);
  if (!selection) return null;
  const { metric, candidates, expected } = selection;
  const at = (values: number[]): Point[] => values.map((value, index) => [index + 1, value]);
  const low = expected.best.map((value, index) => value - expected.sd[index]!);
  const high = expected.best.map((value, index) => value + expected.sd[index]!);
  return (
    <div className="grid gap-4 md:grid-cols-[minmax(0,380px)_minmax(0,1fr)] print:grid-cols-[minmax(0,300px)_minmax(0,1fr)]">
      <Figure
        id="figure-expected-best"
        title={`Expected best ${metricTitle(metric).toLowerCase()} of so many candidates`}
        summary={expected.best.map((value, index) => `of ${index + 1}: ${scaledWords(value, metric)}`).join(", ")}
        table={{
          columns: ["candidates", "expected best", "sd"],
          rows: expected.best.map((value, index) => [index + 1, value, expected.sd[index]!]),
        }}
      >
        <Plot
          height={180}
          x={{ from: 1, to: Math.max(2, candidates.length), label: "candidates looked at on validation" }}
          y={{ ...spanOf([...low, ...high], 4), label: metricTitle(metric) }}
          marks={[
            { kind: "band", low: at(low), high: at(high) },
            { kind: "line", points: at(expected.best) },
            { kind: "dots", points: at(expected.best) },
          ]}
        />
      </Figure>
      <p className="max-w-140 text-sm">{selectionWords(selection)}</p>
    </div>
  );
}

export const selectionPanel: ReportPanel = { name: "selection", content: SelectionPanel };
