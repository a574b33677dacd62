import { Figure, LegendEntry } from "@/app/_ui/figures/figure.tsx";
import { type Mark, Plot, type Point } from "@/app/_ui/figures/plot.tsx";
import { UNIT } from "@/app/_ui/figures/scale.ts";
import { runColors } from "@/app/_ui/parts/run-color.ts";
import type { ChosenThreshold, OperatingCurve } from "@/lib/wire/evaluations/operating-point.ts";
import { decimalWords, numberWords } from "@/lib/words/numbers.ts";
import { curvesWords, thresholdWords } from "@/lib/words/report/panel-words.ts";
import { intervalWords, measuredWords } from "@/lib/words/report-words.ts";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";
import { CostSlider } from "./cost-slider.tsx";

/** Of more classes the curves of the first few are drawn: all have their areas in the table. */
const DRAWN = 6;

function Threshold({ page: { stored } }: PanelProps) {
  const point = stored.report.panels.operatingPoint;
  if (!point || point.curves.length === 0) return null;
  const { classes, chosen } = point;
  const curves = point.curves.slice(0, DRAWN);
  const nameOf = ({ positive }: OperatingCurve) => classes[positive]!;
  const isBinary = classes.length === 2;
  const colorOf = (at: number) => runColors[at % runColors.length]!;
  const legend = curves.map((curve, at) => (
    <LegendEntry key={curve.positive} color={colorOf(at)}>
      {nameOf(curve)}
    </LegendEntry>
  ));
  return (
    <div className="grid gap-6">
      <div className="grid gap-6 md:grid-cols-2 print:grid-cols-2">
        <Figure
          id="figure-roc"
          title="ROC"
          summary={curvesWords(
            "roc",
            curves.map((curve) => [nameOf(curve), curve.rocAuc.value]),
          )}
          table={tableOf(curves, classes)}
          legend={legend}
        >
          <Plot
            x={{ ...UNIT, label: "false positive rate" }}
            y={{ ...UNIT, label: "true positive rate" }}
            marks={[
              {
                kind: "line",
                points: [
                  [0, 0],
                  [1, 1],
                ],
                color: "var(--line-strong)",
                dashed: true,
              },
              ...curves.flatMap((curve, at) => marksOf(rocOf(curve), curve.bands?.roc ?? null, colorOf(at))),
            ]}
          />
        </Figure>
        <Figure
          id="figure-pr"
          title="Precision by recall"
          summary={curvesWords(
            "pr",
            curves.map((curve) => [nameOf(curve), curve.averagePrecision.value]),
          )}
          table={tableOf(curves, classes)}
          legend={legend}
        >
          <Plot
            x={{ ...UNIT, label: "recall" }}
            y={{ ...UNIT, label: "precision" }}
            marks={curves.flatMap((curve, at) =>
              marksOf(precisionOf(curve), curve.bands?.precisionRecall ?? null, colorOf(at)),
            )}
          />
        </Figure>
      </div>
      <AreaTable curves={point.curves} classes={classes} />
      {isBinary && chosen && <Chosen chosen={chosen} positive={classes[point.curves[0]!.positive]!} />}
      {isBinary && (
        <CostSlider
          curve={point.curves[0]!}
          positive={classes[point.curves[0]!.positive]!}
          chosenThreshold={chosen?.chosenOn === "validation" ? chosen.threshold : null}
        />
      )}
    </div>
  );
}

type Band = { low: number[]; high: number[] };

function marksOf(points: Point[], band: Band | null, color: string): Mark[] {
  const at = (values: number[]): Point[] => values.map((value, index) => [index / (values.length - 1), value]);
  return [
    ...(band ? [{ kind: "band", low: at(band.low), high: at(band.high), color } as const] : []),
    { kind: "line", points, color },
  ];
}

const rocOf = ({ positives, negatives, truePositives, falsePositives }: OperatingCurve): Point[] => [
  [0, 0],
  ...truePositives.map((tp, at): Point => [falsePositives[at]! / negatives, tp / positives]),
];

const precisionOf = ({ positives, truePositives, falsePositives }: OperatingCurve): Point[] =>
  truePositives.map(
    (tp, at): Point => [tp / positives, tp + falsePositives[at]! === 0 ? 1 : tp / (tp + falsePositives[at]!)],
  );

const tableOf = (curves: OperatingCurve[], classes: string[]) => ({
  columns: ["class", "threshold", "true positives", "false positives", "positives", "negatives"],
  rows: curves.flatMap(({ positive, thresholds, truePositives, falsePositives, positives, negatives }) =>
    thresholds.map((threshold, at) => [
      classes[positive]!,
      threshold,
      truePositives[at]!,
      falsePositives[at]!,
      positives,
      negatives,
    ]),
  ),
});

function AreaTable({ curves, classes }: { curves: OperatingCurve[]; classes: string[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="table flush dense max-w-220">
        <thead>
          <tr>
            <th>Positive class</th>
            <th className="number">Samples</th>
            <th className="number">ROC AUC</th>
            <th>Interval</th>
            <th className="number">Average precision</th>
            <th>Interval</th>
            <th className="number" title="Another number than average precision: it joins the points by straight lines">
              Trapezoid under PR
            </th>
          </tr>
        </thead>
        <tbody>
          {curves.map(({ positive, positives, rocAuc, averagePrecision, prTrapezoid }) => (
            <tr key={positive}>
              <td>{classes[positive]}</td>
              <td className="number">{numberWords(positives)}</td>
              <td className="number">{measuredWords(rocAuc.value, "roc-auc")}</td>
              <td className="text-muted">{intervalWords(rocAuc.interval, "roc-auc")}</td>
              <td className="number">{measuredWords(averagePrecision.value, "average-precision")}</td>
              <td className="text-muted">{intervalWords(averagePrecision.interval, "average-precision")}</td>
              <td className="number text-muted">{measuredWords(prTrapezoid, "average-precision")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What the chosen threshold comes to on these samples. */
function Chosen({ chosen, positive }: { chosen: ChosenThreshold; positive: string }) {
  return (
    <div className="grid gap-1 text-sm">
      <p>{thresholdWords({ chosenOn: chosen.chosenOn, threshold: chosen.threshold, positive })}</p>
      <dl className="flex flex-wrap gap-x-6 gap-y-1">
        {(["precision", "recall", "specificity", "accuracy"] as const).map((name) => (
          <div key={name} className="flex gap-2">
            <dt className="text-muted">{name}</dt>
            <dd title={intervalWords(chosen[name].interval, "accuracy")}>
              {typeof chosen[name].value === "number"
                ? decimalWords(chosen[name].value, 4)
                : measuredWords(chosen[name].value, "accuracy")}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

export const thresholdPanel: ReportPanel = { name: "threshold", tasks: ["classification"], content: Threshold };
