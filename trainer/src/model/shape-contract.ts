/** Whether a model and a set fit: asked before a run begins, so that a mismatch is a sentence and not a stack. */
import type { TrainingConfig } from "../config/training.ts";
import { type DataSet, isImages, sizeOf } from "../data/data.ts";
import { lossOf, outputsOf } from "./task.ts";

/** Throws an error that names what the model takes, what the set has, and what to do. `set` is preprocessed. */
export function requireFit(set: DataSet, config: TrainingConfig): void {
  requireExpected(set, config);
  requireShape(set, config);
  requireValues(set);
  lossOf(set.task, config.loss);
  if (set.task !== "regression" && set.classes.length < 2)
    throw new Error(
      `${set.name} has one class alone, ${set.classes[0]}: there is nothing to tell apart; two classes or more are right`,
    );
  const { shift, flip } = config.augmentation;
  if ((shift > 0 || flip) && set.inputShape.length !== 3)
    throw new Error(
      `augmentation: shift and flip are for images; ${set.name} has ${wordsOf(set)}, for which noise is right`,
    );
}

const shapeWords = (shape: number[]): string => `[${shape.join(", ")}]`;
const wordsOf = ({ inputShape }: DataSet): string =>
  `${["numbers", "sequences [steps, features]", "images [height, width, channels]"][inputShape.length - 1]} of ${shapeWords(inputShape)}`;

function requireExpected({ name, inputShape, classes, task }: DataSet, { expect }: TrainingConfig): void {
  if (expect.input && expect.input.join() !== inputShape.join())
    throw new Error(
      `expect.input: the model is for ${shapeWords(expect.input)}, ${name} has ${shapeWords(inputShape)}` +
        (expect.input.length === 3 && inputShape.length === 3 && expect.input[2] === inputShape[2]
          ? `; --preprocessing.resize ${expect.input[0]},${expect.input[1]} fits the images to it`
          : "; another set, or another model, is right"),
    );
  if (expect.classes !== null && (task === "regression" || expect.classes !== classes.length))
    throw new Error(
      `expect.classes: the model has ${expect.classes} outputs, ${name} has ${task === "regression" ? "no classes but a number" : `${classes.length} classes`}; one output for each class is right`,
    );
}

function requireShape(set: DataSet, config: TrainingConfig): void {
  const { family } = config;
  const { inputShape, task, name } = set;
  const has = `${name} has ${wordsOf(set)}`;
  if ((family === "unet") !== (task === "segmentation"))
    throw new Error(
      family === "unet"
        ? `family: unet tells the class of each pixel; ${name} is for ${task}, for which mlp, cnn or rnn are right`
        : `family: ${family} gives one answer a sample; ${name} is for segmentation, for which unet is right`,
    );
  if (family === "rnn" && inputShape.length < 2)
    throw new Error(`family: rnn reads sequences [steps, features] or images; ${has}, for which mlp is right`);
  if (family !== "cnn" && family !== "unet") return;
  if (inputShape.length !== 3)
    throw new Error(
      `family: ${family} reads images [height, width, channels]; ${has}, for which ${inputShape.length === 2 ? "rnn" : "mlp"} is right`,
    );
  const [height = 0, width = 0] = inputShape;
  const levels = config.filters.length;
  if (family === "cnn" && Math.min(height, width) < 2 ** levels)
    throw new Error(
      `filters: ${levels} poolings halve ${height}×${width} to nothing; at most ${Math.floor(Math.log2(Math.min(height, width)))} levels, or larger images (--preprocessing.resize), are right`,
    );
  const unit = 2 ** (levels - 1);
  const up = (size: number) => Math.ceil(size / unit) * unit;
  if (family === "unet" && (height % unit !== 0 || width % unit !== 0))
    throw new Error(
      `filters: ${levels} levels halve images ${levels - 1} times, and ${height}×${width} can't be divided by ${unit}; --preprocessing.pad ${up(height)},${up(width)} is right`,
    );
}

/** Whether there is anything to tell apart. `counts`: training samples, or pixels, of each class. */
export function requireClasses(
  { name, task, classes }: Pick<DataSet, "name" | "task" | "classes">,
  counts: number[],
): void {
  if (task === "regression") return;
  const there = classes.filter((_, at) => counts[at]! > 0);
  if (there.length < 2)
    throw new Error(
      `${name}: ${there.length === 1 ? `all training samples are of the class ${there[0]}` : "no training sample has a class"}; two classes or more are right`,
    );
}

/** Numbers that are none, and classes that the model has no output for, are found before they are trained on. */
export function requireValues(set: DataSet): void {
  const { name, inputShape, train, task, classes } = set;
  const size = sizeOf(inputShape);
  if (!(train.inputs instanceof Uint8Array)) {
    const bad = train.inputs.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new Error(
        `${name}: ${train.keys[Math.floor(bad / size)]} holds ${train.inputs[bad]}; finite numbers are right`,
      );
  }
  const targets = sizeOf(inputShape.slice(0, 2));
  const bad = train.targets.findIndex((value) =>
    task === "regression" ? !Number.isFinite(value) : value < 0 || value >= classes.length,
  );
  if (bad >= 0) {
    const key = train.keys[task === "segmentation" ? Math.floor(bad / targets) : bad];
    throw new Error(
      `${name}: ${key} has the target ${train.targets[bad]}; ${task === "regression" ? "a finite number" : `0 to ${classes.length - 1}`} is right`,
    );
  }
}

/** The contract as a run records it. */
export function contractFacts(set: DataSet): Record<string, string> {
  const input = isImages(set) ? "uint8 0 to 255" : "float32";
  const outputs = outputsOf(set);
  const pixels = set.task === "segmentation" ? set.inputShape.slice(0, 2) : [];
  return {
    input: `${shapeWords(set.inputShape)} ${input}`,
    output: `${shapeWords([...pixels, outputs])} ${set.task === "regression" ? "numbers" : `logits of ${outputs} classes`}`,
    task: set.task,
    dataset: set.name,
  };
}
