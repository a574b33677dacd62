/** What the sections of a report say of their numbers, for people. Pure. */
import type { CalibrationData } from "../../wire/evaluations/calibration.ts";
import type { ErrorListKind } from "../../wire/evaluations/errors.ts";
import type { Measured } from "../../wire/evaluations/measured.ts";
import type { Slices } from "../../wire/evaluations/slices.ts";
import { decimalWords, significantWords } from "../numbers.ts";
import { measuredWords, metricTitle, undefinedWords } from "../report-words.ts";
import * as sentences from "./sentences.ts";

/** What a figure of curves shows, one class after the other. */
export const curvesWords = (kind: "roc" | "pr", areas: (readonly [name: string, area: Measured])[]): string =>
  sentences.curves[kind](areas.map(([name, area]) => `${name} ${measuredWords(area, "roc-auc")}`));

type Threshold = { chosenOn: "here" | "validation"; threshold: number | null; positive: string };

export const thresholdWords = ({ chosenOn, threshold, positive }: Threshold): string =>
  sentences.thresholds[chosenOn](threshold === null ? null : significantWords(threshold, 4), positive);

type CostFigures = { threshold: number | null; misses: number; alarms: number; chosen: number | null };

export const costWords = ({ threshold, misses, alarms, chosen }: CostFigures): string =>
  sentences.cheapest({
    threshold: threshold === null ? null : significantWords(threshold, 4),
    misses,
    alarms,
    chosen: chosen === null ? null : significantWords(chosen, 4),
  });

/** Whether the error is more than what a calibrated model would get by chance. */
export function calibrationWords({ ece, calibrated }: CalibrationData): string {
  const { value } = ece;
  if (typeof value !== "number") return undefinedWords(value);
  const { p95 } = calibrated;
  if (typeof p95 !== "number") return sentences.calibrations.alone(decimalWords(value, 4));
  return sentences.calibrations[value > p95 ? "off" : "within"](decimalWords(value, 4), decimalWords(p95, 4));
}

export const temperatureWords = ({ fittedOn, value }: { fittedOn: "here" | "validation"; value: Measured }): string =>
  sentences.temperatures[fittedOn](typeof value === "number" ? decimalWords(value, 3) : undefinedWords(value));

export const cutWords = (by: string): string => sentences.cuts[by] ?? by;

export const slicesWords = ({ metric, overall, family, smallBelow }: Slices): string =>
  sentences.slices({ metric: metricTitle(metric), overall: measuredWords(overall.value, metric), family, smallBelow });

type SliceFigures = { tooSmall: boolean; p: number | null; isWorse: boolean };

export function sliceVerdict({ tooSmall, p, isWorse }: SliceFigures): string {
  if (tooSmall) return sentences.sliceVerdicts.tooSmall;
  if (p === null) return sentences.sliceVerdicts.untested;
  if (p > 0.05) return sentences.sliceVerdicts.alike;
  return isWorse ? sentences.sliceVerdicts.worse : sentences.sliceVerdicts.better;
}

export const errorListWords = (kind: ErrorListKind): { title: string; figure: string; about: string } =>
  sentences.errorLists[kind];
