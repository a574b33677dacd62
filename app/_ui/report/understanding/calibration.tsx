import { Figure, LegendEntry } from "@/app/_ui/figures/figure.tsx";
import { type Mark, Plot } from "@/app/_ui/figures/plot.tsx";
import { UNIT } from "@/app/_ui/figures/scale.ts";
import type { CalibrationBin, CalibrationData } from "@/lib/wire/evaluations/calibration.ts";
import type { Measured } from "@/lib/wire/evaluations/measured.ts";
import { countWords, decimalWords } from "@/lib/words/numbers.ts";
import { calibrationWords, temperatureWords } from "@/lib/words/report/panel-words.ts";
import { intervalWords, measuredWords } from "@/lib/words/report-words.ts";
import { Facts } from "../frame/facts.tsx";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

function Calibration({ page: { stored } }: PanelProps) {
  const data = stored.report.panels.calibration;
  if (!data) return null;
  const { temperature } = data;
  return (
    <div className="grid gap-4">
      <p className="max-w-180 text-sm">{calibrationWords(data)}</p>
      <div className="grid gap-6 md:grid-cols-2 print:grid-cols-2">
        <Reliability id="figure-reliability" title="Reliability" bins={data.bins} ece={data.ece.value} />
        {temperature && (
          <Reliability
            id="figure-reliability-scaled"
            title={temperatureWords(temperature)}
            bins={temperature.bins}
            ece={temperature.ece}
          />
        )}
      </div>
      <CalibrationFacts data={data} />
    </div>
  );
}

type ReliabilityProps = { id: string; title: string; bins: CalibrationBin[]; ece: Measured };

/** The share that is right by the confidence, with Wilson's interval of each bin and how many samples are in it. */
function Reliability({ id, title, bins, ece }: ReliabilityProps) {
  const largest = bins.reduce((most, { samples }) => Math.max(most, samples), 1);
  const marks: Mark[] = [
    {
      kind: "line",
      points: [
        [0, 0],
        [1, 1],
      ],
      color: "var(--line-strong)",
      dashed: true,
    },
    {
      kind: "bars",
      color: "var(--line-strong)",
      bars: bins.map(({ from, to, samples }) => ({
        from,
        to,
        height: (samples / largest) * 0.25,
        title: countWords(samples, "sample"),
      })),
    },
    { kind: "whiskers", ends: bins.map(({ confidence, low, high }) => ({ x: confidence, low, high })) },
    {
      kind: "dots",
      radius: 3.5,
      points: bins.map(({ confidence, accuracy }) => [confidence, accuracy]),
      titles: bins.map(
        ({ confidence, accuracy, samples }) =>
          `${decimalWords(accuracy, 3)} right at confidence ${decimalWords(confidence, 3)}, ${countWords(samples, "sample")}`,
      ),
    },
  ];
  return (
    <Figure
      id={id}
      title={title}
      summary={`Expected calibration error ${measuredWords(ece, "accuracy")}; ${bins.map(({ confidence, accuracy }) => `${decimalWords(accuracy, 2)} right at confidence ${decimalWords(confidence, 2)}`).join("; ")}.`}
      table={{
        columns: ["from", "to", "samples", "confidence", "right", "low", "high"],
        rows: bins.map(({ from, to, samples, confidence, accuracy, low, high }) => [
          from,
          to,
          samples,
          confidence,
          accuracy,
          low,
          high,
        ]),
      }}
      legend={
        <>
          <LegendEntry color="var(--accent)" shape="dot">
            share that is right, with its interval
          </LegendEntry>
          <LegendEntry color="var(--line-strong)" dashed>
            calibrated
          </LegendEntry>
          <LegendEntry color="var(--line-strong)" shape="area">
            samples
          </LegendEntry>
        </>
      }
    >
      <Plot x={{ ...UNIT, label: "confidence" }} y={{ ...UNIT, label: "share that is right" }} marks={marks} />
    </Figure>
  );
}

function CalibrationFacts({ data }: { data: CalibrationData }) {
  const { ece, mce, calibrated, adaptiveEce, classwise, logLoss, brier, temperature } = data;
  const beside = (value: Measured, after: Measured | undefined, metric: "accuracy" | "log-loss" | "brier") =>
    `${measuredWords(value, metric)}${after === undefined ? "" : `, ${measuredWords(after, metric)} after scaling`}`;
  return (
    <Facts
      facts={[
        [
          "Expected calibration error",
          `${beside(ece.value, temperature?.ece, "accuracy")} (${intervalWords(ece.interval, "accuracy")})`,
        ],
        [
          "A calibrated model would get",
          `${measuredWords(calibrated.mean, "accuracy")} in the mean, ${measuredWords(calibrated.p95, "accuracy")} once in twenty times`,
        ],
        ["In bins of equal size", measuredWords(adaptiveEce, "accuracy")],
        ["Over all classes", measuredWords(classwise, "accuracy")],
        ["Largest of a bin", measuredWords(mce, "accuracy")],
        ["Log loss", beside(logLoss, temperature?.logLoss, "log-loss")],
        ["Brier score", beside(brier, temperature?.brier, "brier")],
      ]}
    />
  );
}

export const calibrationPanel: ReportPanel = { name: "calibration", tasks: ["classification"], content: Calibration };
