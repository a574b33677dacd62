/** A report as a table: a row for each number that has a name, panel by panel. Pure. */
import { type CsvCell, toCsv } from "../csv.ts";
import type { Estimate, Measured } from "../wire/evaluations/measured.ts";
import type { OperatingCurve } from "../wire/evaluations/operating-point.ts";
import type { Panels } from "../wire/evaluations/panels.ts";

const columns = ["section", "of", "metric", "value", "low", "high", "method", "samples"];

type Parts = Panels["panels"];
type Part<Name extends keyof Parts> = NonNullable<Parts[Name]>;

/** What is undefined has its kind as the value. Lists of samples are left out: the page shows them, and JSON has them. */
export const reportCsv = ({ panels }: Panels): string => toCsv(columns, reportRows(panels));

function reportRows(panels: Parts): CsvCell[][] {
  const { headline, baselines, perClass, confusion, operatingPoint, calibration, slices, masks, residuals, soundness } =
    panels;
  return [
    ...(headline?.metrics ?? []).map((one) => estimated(["headline", "", one.metric], one, one.samples)),
    ...(baselines ? baselineRows(baselines) : []),
    ...(perClass ? classRows(perClass) : []),
    ...(confusion ? confusionRows(confusion) : []),
    ...(operatingPoint ? operatingRows(operatingPoint) : []),
    ...(calibration ? calibrationRows(calibration) : []),
    ...(slices ? sliceRows(slices) : []),
    ...(masks ? maskRows(masks) : []),
    ...(residuals ? residualRows(residuals) : []),
    ...(soundness ? [plain(["soundness", "", "distinct answers"], soundness.distinct, soundness.predictions)] : []),
  ];
}

type Name = [section: string, of: string, metric: string];

const measuredCell = (value: Measured): CsvCell =>
  typeof value === "number" ? value : `undefined: ${value.undefined}`;

const plain = (name: Name, value: Measured, samples: number | null = null): CsvCell[] => [
  ...name,
  measuredCell(value),
  null,
  null,
  null,
  samples,
];

const estimated = (name: Name, { value, interval }: Estimate, samples: number | null): CsvCell[] => [
  ...name,
  measuredCell(value),
  ...("undefined" in interval
    ? [null, null, `undefined: ${interval.undefined}`]
    : [interval.low, interval.high, interval.method]),
  samples,
];

/** A row for each estimate, named by its key. */
const estimates = (section: string, of: string, given: Record<string, Estimate>, samples: number | null) =>
  Object.entries(given).map(([metric, estimate]) => estimated([section, of, metric], estimate, samples));

const baselineRows = ({ baselines }: Part<"baselines">): CsvCell[][] =>
  baselines.flatMap(({ kind, metrics }) =>
    metrics.map(({ metric, value }) => plain(["baseline", kind, metric], value)),
  );

const classRows = ({ classes }: Part<"perClass">): CsvCell[][] =>
  classes.flatMap(({ name, support, precision, recall, f1 }) =>
    estimates("class", name, { precision, recall, f1 }, support),
  );

const confusionRows = ({ classes, diagonal, mistakes }: Part<"confusion">): CsvCell[][] =>
  [...diagonal.map((count, at) => [at, at, count] as const), ...mistakes].map(([truth, predicted, count]) =>
    plain(["confusion", classes[truth]!, `predicted as ${classes[predicted]!}`], count),
  );

function operatingRows({ classes, curves, areas, chosen }: Part<"operatingPoint">): CsvCell[][] {
  const nameOf = ({ positive }: { positive: number }) => classes[positive]!;
  const points = (curve: OperatingCurve) =>
    curve.thresholds.flatMap((threshold, at) => {
      const of = `${nameOf(curve)} from ${threshold}`;
      return [
        plain(["threshold", of, "true positives"], curve.truePositives[at]!, curve.positives),
        plain(["threshold", of, "false positives"], curve.falsePositives[at]!, curve.negatives),
      ];
    });
  return [
    ...curves.flatMap((curve) => {
      const { rocAuc, averagePrecision, prTrapezoid, positives, negatives } = curve;
      const areas = { "roc-auc": rocAuc, "average-precision": averagePrecision };
      return [
        ...estimates("curve", nameOf(curve), areas, positives + negatives),
        plain(["curve", nameOf(curve), "pr-trapezoid"], prTrapezoid, positives + negatives),
        ...points(curve),
      ];
    }),
    ...areas.flatMap((area) =>
      estimates("area", nameOf(area), { "roc-auc": area.rocAuc, "average-precision": area.averagePrecision }, null),
    ),
    ...(chosen ? chosenRows(chosen) : []),
  ];
}

function chosenRows(chosen: NonNullable<Part<"operatingPoint">["chosen"]>): CsvCell[][] {
  const { threshold, chosenOn, precision, recall, specificity, accuracy, ...counts } = chosen;
  const of = `${threshold ?? "none"}, chosen ${chosenOn === "here" ? "here" : "on validation"}`;
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = counts;
  const samples = truePositives + falsePositives + falseNegatives + trueNegatives;
  return [
    ...estimates("operating point", of, { precision, recall, specificity, accuracy }, samples),
    plain(["operating point", of, "true positives"], truePositives),
    plain(["operating point", of, "false positives"], falsePositives),
    plain(["operating point", of, "false negatives"], falseNegatives),
    plain(["operating point", of, "true negatives"], trueNegatives),
  ];
}

function calibrationRows(calibration: Part<"calibration">): CsvCell[][] {
  const { ece, mce, adaptiveEce, classwise, logLoss, brier, calibrated, bins, temperature } = calibration;
  const samples = bins.reduce((sum, bin) => sum + bin.samples, 0);
  const row = (metric: string, value: Measured) => plain(["calibration", "", metric], value, samples);
  return [
    estimated(["calibration", "", "ece"], ece, samples),
    row("mce", mce),
    row("adaptive-ece", adaptiveEce),
    row("classwise-ece", classwise),
    row("log-loss", logLoss),
    row("brier", brier),
    row("ece of a calibrated model, mean", calibrated.mean),
    row("ece of a calibrated model, p95", calibrated.p95),
    ...bins.map(({ from, to, confidence, accuracy, low, high, samples: inBin }) => [
      "reliability",
      `confidence above ${from} to ${to}, mean ${confidence}`,
      "accuracy",
      accuracy,
      low,
      high,
      "wilson",
      inBin,
    ]),
    ...(temperature
      ? [
          plain(["temperature", temperature.fittedOn, "temperature"], temperature.value, samples),
          plain(["temperature", temperature.fittedOn, "ece"], temperature.ece, samples),
          plain(["temperature", temperature.fittedOn, "log-loss"], temperature.logLoss, samples),
          plain(["temperature", temperature.fittedOn, "brier"], temperature.brier, samples),
        ]
      : []),
  ];
}

const sliceRows = ({ metric, overall, cuts }: Part<"slices">): CsvCell[][] => [
  estimated(["slice", "all", metric], overall, null),
  ...cuts.flatMap(({ by, slices }) =>
    slices.flatMap(({ name, samples, estimate, difference, test }) => {
      const of = `${by}: ${name}`;
      return [
        estimated(["slice", of, metric], estimate, samples),
        plain(["slice", of, "difference from the rest"], difference, samples),
        plain(["slice", of, "p, by Holm"], "undefined" in test ? test : test.holm, samples),
      ];
    }),
  ),
];

const maskRows = ({ classes, histogram }: Part<"masks">): CsvCell[][] => [
  ...classes.flatMap(({ name, iou, dice, boundaryF1, boundaryIou, images }) =>
    estimates("mask", name, { iou, dice, "boundary-f1": boundaryF1, "boundary-iou": boundaryIou }, images),
  ),
  ...histogram.map((images, bin) =>
    plain(["images by mean IoU", `${bin / histogram.length} to ${(bin + 1) / histogram.length}`, "images"], images),
  ),
];

const residualRows = ({ mean, sd, ranges }: Part<"residuals">): CsvCell[][] => [
  plain(["residual", "", "mean"], mean),
  plain(["residual", "", "sd"], sd),
  ...ranges.flatMap(({ from, to, samples, mae, bias }) =>
    estimates("residual", `true above ${from} to ${to}`, { mae, bias }, samples),
  ),
];
