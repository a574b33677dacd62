/** Answers to the cases of metrics: by label, by score, of masks and of numbers. */
import { accuracy, balancedAccuracy } from "../statistics/classification/accuracy.ts";
import { cohensKappa, matthews } from "../statistics/classification/agreement.ts";
import { type Calibration, calibrationError } from "../statistics/classification/calibration.ts";
import { type Confusion, confusionOf } from "../statistics/classification/confusion.ts";
import { adaptiveCalibrationError, equalMassCalibration } from "../statistics/classification/equal-mass-calibration.ts";
import { type AverageScores, averagesOf, scoresByClass } from "../statistics/classification/per-class.ts";
import { binaryBrier, binaryLogLoss, brier, logLoss } from "../statistics/classification/probability-scores.ts";
import { topK } from "../statistics/classification/top-k.ts";
import { counted } from "../statistics/measured.ts";
import { pearson, spearman } from "../statistics/regression/correlation.ts";
import { regressionErrors } from "../statistics/regression/errors.ts";
import { explainedVariance, rSquared } from "../statistics/regression/explained.ts";
import { averagePrecision, precisionRecallCurve, prTrapezoid } from "../statistics/scores/precision-recall.ts";
import { multiClassAuc, rocAuc, rocCurve } from "../statistics/scores/roc.ts";
import type { BinaryMask } from "../statistics/segmentation/binary-mask.ts";
import { boundaryF1 } from "../statistics/segmentation/boundary-f1.ts";
import { boundaryIou } from "../statistics/segmentation/boundary-iou.ts";
import { imageMeanIou, meanIou, overlapByClass, weightedIou } from "../statistics/segmentation/overlap.ts";
import { pixelConfusion, summedConfusion } from "../statistics/segmentation/pixels.ts";
import { type Adapter, defined, orNaN, orNull, transposed } from "./answers.ts";

const averageOf = (scores: AverageScores) => ({
  precision: counted(scores.precision),
  recall: counted(scores.recall),
  f1: counted(scores.f1),
});

const rowsOf = ({ classes, cells }: Confusion): number[][] =>
  Array.from({ length: classes }, (_, row) => Array.from(cells).slice(row * classes, (row + 1) * classes));

const byLabel: Record<string, Adapter> = {
  classification_metrics: ({ y_true, y_pred }, { labels }) => {
    const at = (values: number[]) => values.map((value) => labels.indexOf(value));
    const confusion = confusionOf(at(y_true), at(y_pred), labels.length);
    const averages = averagesOf(confusion);
    return {
      accuracy: orNull(accuracy(confusion)),
      balanced_accuracy: orNull(balancedAccuracy(confusion)),
      mcc: counted(matthews(confusion)),
      cohen_kappa: orNaN(cohensKappa(confusion)),
      macro: averageOf(averages.macro),
      micro: averageOf(averages.micro),
      weighted: averageOf(averages.weighted),
      per_class: scoresByClass(confusion).map((scores, at) => ({
        label: labels[at],
        precision: counted(scores.precision),
        recall: counted(scores.recall),
        f1: counted(scores.f1),
        support: scores.support,
      })),
      confusion_matrix: rowsOf(confusion),
    };
  },
};

const calibrationNumbers = ({ ece, mce, bins }: Calibration) => ({
  ece,
  mce,
  bins: bins.map(({ index, count, confidence, accuracy }) => [index, count, confidence, accuracy]),
});

const byScore: Record<string, Adapter> = {
  binary_score_metrics: ({ y_true, y_score }, { probabilities }) => ({
    roc_auc: orNull(rocAuc(y_true, y_score)),
    average_precision: orNull(averagePrecision(y_true, y_score)),
    pr_auc_trapezoid: orNull(prTrapezoid(y_true, y_score)),
    log_loss: probabilities ? orNull(binaryLogLoss(y_true, y_score)) : null,
    brier: probabilities ? orNull(binaryBrier(y_true, y_score)) : null,
  }),
  roc_curve: ({ y_true, y_score }) => {
    const { fpr, tpr } = defined(rocCurve(y_true, y_score));
    return { fpr: [...fpr], tpr: [...tpr] };
  },
  pr_curve: ({ y_true, y_score }) => {
    const { threshold, precision, recall } = defined(precisionRecallCurve(y_true, y_score));
    return { threshold: [...threshold], precision: [...precision], recall: [...recall] };
  },
  multiclass_score_metrics: ({ y_true, probs }, { k }) => {
    const columns = transposed(probs);
    const auc = multiClassAuc(y_true, columns);
    return {
      roc_auc_ovr_macro: orNull(auc.ovrMacro),
      roc_auc_ovr_weighted: orNull(auc.ovrWeighted),
      roc_auc_ovo_macro: orNull(auc.ovoMacro),
      log_loss: orNull(logLoss(y_true, columns)),
      brier: orNull(brier(y_true, columns)),
      ...Object.fromEntries(k.map((one: number) => [`top_${one}_accuracy`, topK(y_true, columns, one).accuracy])),
    };
  },
  calibration_error: ({ confidence, correct }, { n_bins }) =>
    calibrationNumbers(calibrationError(confidence, correct, { bins: n_bins })),
  calibration_error_torchmetrics: ({ confidence, correct }, { n_bins }) =>
    calibrationNumbers(calibrationError(confidence, correct, { bins: n_bins, closed: "left" })),
  calibration_error_equal_mass: ({ confidence, correct }, { n_bins }) => {
    const { ece, bins } = equalMassCalibration(confidence, correct, n_bins);
    return { aece: ece, bins: bins.map(({ count, confidence, accuracy }) => [count, confidence, accuracy]) };
  },
  classwise_ace: ({ y_true, probs }, { n_ranges }) => ({
    ace: orNull(adaptiveCalibrationError(y_true, transposed(probs), n_ranges)),
  }),
};

const binaryMask = (rows: number[][]): BinaryMask => ({
  width: rows[0]!.length,
  height: rows.length,
  pixels: rows.flat(),
});

const bySegment: Record<string, Adapter> = {
  segmentation_metrics: ({ y_true, y_pred }, { num_classes, ignore_index }) => {
    const images: Confusion[] = y_true.map((mask: number[][], at: number) =>
      pixelConfusion(mask.flat(), y_pred[at].flat(), { classes: num_classes, ignored: ignore_index }),
    );
    const all = summedConfusion(images);
    const overlap = overlapByClass(all);
    const zero = overlap.reduce((sum, { iou }) => sum + (typeof iou === "number" ? iou : 0), 0) / num_classes;
    return {
      per_class_iou: overlap.map(({ iou }) => orNull(iou)),
      miou: orNull(meanIou(all)),
      per_class_dice: overlap.map(({ dice }) => orNull(dice)),
      pixel_accuracy: orNull(accuracy(all)),
      mean_class_accuracy: orNull(balancedAccuracy(all)),
      fwiou: orNull(weightedIou(all)),
      confusion_matrix: rowsOf(all),
      miou_absent_as_zero: zero,
      miou_image_mean: orNull(imageMeanIou(images).mean),
    };
  },
  boundary_f1: ({ y_true, y_pred }, { theta }) => {
    const found = boundaryF1(binaryMask(y_true), binaryMask(y_pred), theta ?? undefined);
    return { precision: orNull(found.precision), recall: orNull(found.recall), f1: orNull(found.f1) };
  },
  boundary_iou: ({ y_true, y_pred }, { dilation }) => ({
    boundary_iou: orNull(boundaryIou(binaryMask(y_true), binaryMask(y_pred), dilation ?? undefined)),
  }),
};

const byNumber: Record<string, Adapter> = {
  regression_metrics: ({ y_true, y_pred }) => {
    const errors = regressionErrors(y_true, y_pred);
    return {
      mae: orNull(errors.mae),
      mse: orNull(errors.mse),
      rmse: orNull(errors.rmse),
      r2: counted(rSquared(y_true, y_pred)),
      median_ae: orNull(errors.medianAe),
      max_error: orNull(errors.maxError),
      bias: orNull(errors.bias),
      explained_variance: counted(explainedVariance(y_true, y_pred)),
      pearson_r: orNaN(pearson(y_true, y_pred)),
      spearman_rho: orNaN(spearman(y_true, y_pred)),
    };
  },
};

export const measureAdapters: Record<string, Adapter> = { ...byLabel, ...byScore, ...bySegment, ...byNumber };
