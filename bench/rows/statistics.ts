/** What evaluations compute, in the process: resamples, and the comparison of many models on the same samples. */
import type { Classified } from "../../lib/evaluations/measures/evaluated.ts";
import { labelMetrics } from "../../lib/evaluations/measures/label-metrics.ts";
import { comparePaired } from "../../lib/evaluations/paired/paired.ts";
import { confusionOf } from "../../lib/statistics/classification/confusion.ts";
import { bootstrapConfusion } from "../../lib/statistics/classification/confusion-bootstrap.ts";
import { seededNormal, seededRandom } from "../../lib/statistics/resampling/random.ts";
import { bootstrapRocAuc } from "../../lib/statistics/scores/auc-bootstrap.ts";
import { type Context, type Row, rowOf, shown } from "../harness.ts";

const SAMPLES = 100_000;
const CLASSES = 10;
const DRAWS = 2_000;
const MODELS = 20;
const ROUNDS = 3;

export async function run({ seed }: Context): Promise<Row[]> {
  const models = modelsOf(seed);
  const resampled = rounds(() => resampleLabels(models[0]!, seed));
  const read = rounds(() => readAll(models[0]!.predicted));
  const areas = rounds(() => resampleAreas(seed));
  const compared = rounds(() => comparePaired(models, { metric: "accuracy", smallest: null, seed }));
  const size = shown(SAMPLES);
  return [
    rowOf({
      id: "20a",
      name: `${DRAWS} resamples of accuracy, macro F1 and MCC, ${size} samples × ${CLASSES} classes ÷ one pass over as many reads`,
      unit: "×",
      bar: { atMost: 0.25 },
      against: `reading a typed array of ${size} numbers ${DRAWS} times`,
      samples: resampled.map((ms, round) => ms / read[round]!),
    }),
    rowOf({
      id: "20b",
      name: `paired bootstrap of the ROC area, ${size} samples × ${DRAWS}`,
      unit: "s",
      bar: { atMost: 5, by: "loop" },
      against: "two models on the same samples, called in the process",
      samples: areas.map((ms) => ms / 1_000),
    }),
    rowOf({
      id: "20c",
      name: `comparison of ${MODELS} evaluations of ${size} samples`,
      unit: "s",
      bar: { atMost: 3, by: "loop" },
      against: "by accuracy, each against the first, called in the process",
      samples: compared.map((ms) => ms / 1_000),
    }),
  ];
}

/** The first is for the just-in-time compiler. */
function rounds(work: () => unknown): number[] {
  return Array.from({ length: ROUNDS + 1 }, () => {
    const begunAt = performance.now();
    work();
    return performance.now() - begunAt;
  }).slice(1);
}

/** Models that are right nine times in ten, on the same samples. */
function modelsOf(seed: number): Classified[] {
  const random = seededRandom(seed);
  const truth = Int32Array.from({ length: SAMPLES }, () => Math.floor(random() * CLASSES));
  return Array.from({ length: MODELS }, () => ({
    task: "classification",
    samples: SAMPLES,
    units: null,
    cuts: [],
    classes: Array.from({ length: CLASSES }, (_, of) => `class ${of}`),
    truth,
    predicted: truth.map((label) => (random() < 0.9 ? label : Math.floor(random() * CLASSES))),
    probabilities: null,
    logits: null,
  }));
}

function resampleLabels({ truth, predicted }: Classified, seed: number): void {
  const { accuracy, "macro-f1": macroF1, matthews } = labelMetrics;
  bootstrapConfusion(confusionOf(truth, predicted, CLASSES), { resamples: DRAWS, seed }, [accuracy, macroF1, matthews]);
}

/** The sum keeps the reads from being left out. */
function readAll(values: Int32Array): number {
  let sum = 0;
  for (let draw = 0; draw < DRAWS; draw++) for (let at = 0; at < values.length; at++) sum = (sum + values[at]!) | 0;
  return sum;
}

function resampleAreas(seed: number): void {
  const normal = seededNormal(seededRandom(seed));
  const truth = Uint8Array.from({ length: SAMPLES }, (_, at) => at % 2);
  const scoresOf = () => Float64Array.from(truth, (label) => label + normal());
  bootstrapRocAuc(truth, [scoresOf(), scoresOf()], { resamples: DRAWS, seed, stratified: true });
}
