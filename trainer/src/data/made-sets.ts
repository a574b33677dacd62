/** Sets that are made here, the same on every machine: scenes of MNIST's digits, waves, and a curve. */
import { type DataSet, keysOf, type Part } from "./data.ts";
import { seededRandom } from "./random.ts";

export const madeSets = ["mnist-scenes", "waves", "curve"] as const;
type MadeSet = (typeof madeSets)[number];
export const isMadeSet = (name: string): name is MadeSet => (madeSets as readonly string[]).includes(name);

/** `mnist` is asked for where the set is made of it. */
export function makeSet(name: MadeSet, mnist: () => DataSet): DataSet {
  if (name === "mnist-scenes") return digitScenes(mnist());
  return name === "waves" ? waves() : curve();
}

const TAU = 2 * Math.PI;

// ---------------------------------------------------------------------------------------------------------- scenes

const SCENE = 48;
/** MNIST's digits stand within the middle 20 rows and columns of their images. */
const DIGIT = 20;
const MARGIN = 4;
/** Pixels at least this bright are the digit's. */
const INK = 96;

/**
 * Segmentation: two to four digits on a textured ground of 48×48; each pixel is ground (class 0) or of a digit (its number
 * and one). Training scenes are made of MNIST's training digits, test scenes of its test digits.
 */
function digitScenes(mnist: DataSet): DataSet {
  const part = (name: "train" | "test", count: number): Part => {
    const inputs = new Uint8Array(count * SCENE * SCENE);
    const targets = new Uint8Array(count * SCENE * SCENE);
    for (let index = 0; index < count; index++) {
      const place = [index * SCENE * SCENE, (index + 1) * SCENE * SCENE] as const;
      drawScene(
        mnist[name],
        seededRandom("mnist-scenes", name, index),
        inputs.subarray(...place),
        targets.subarray(...place),
      );
    }
    return { count, keys: keysOf(name, count), inputs, targets };
  };
  const classes = ["ground", ...mnist.classes];
  const [train, test] = [part("train", 4000), part("test", 500)];
  return { name: "mnist-scenes", task: "segmentation", inputShape: [SCENE, SCENE, 1], classes, train, test };
}

function drawScene(digits: Part, random: () => number, pixels: Uint8Array, classes: Uint8Array): void {
  drawGround(random, pixels);
  const taken: [number, number][] = [];
  const wanted = 2 + Math.floor(random() * 3);
  for (let tries = 0; taken.length < wanted && tries < 40; tries++) {
    const place: [number, number] = [Math.floor(random() * (SCENE - DIGIT)), Math.floor(random() * (SCENE - DIGIT))];
    if (taken.some(([top, left]) => Math.max(Math.abs(top - place[0]), Math.abs(left - place[1])) < DIGIT - 4))
      continue;
    taken.push(place);
    drawDigit(digits, Math.floor(random() * digits.count), place, pixels, classes);
  }
}

/** Three waves of random direction and length over each other, and grain. */
function drawGround(random: () => number, pixels: Uint8Array): void {
  const waves = Array.from({ length: 3 }, () => {
    const [angle, length, phase] = [random() * TAU, 6 + random() * 18, random() * TAU];
    return { x: (Math.cos(angle) * TAU) / length, y: (Math.sin(angle) * TAU) / length, phase };
  });
  for (let y = 0; y < SCENE; y++)
    for (let x = 0; x < SCENE; x++) {
      const sum = waves.reduce((total, wave) => total + Math.sin(wave.x * x + wave.y * y + wave.phase), 0);
      pixels[y * SCENE + x] = Math.round(70 + 18 * sum + 24 * (random() - 0.5));
    }
}

function drawDigit(
  digits: Part,
  index: number,
  [top, left]: [number, number],
  pixels: Uint8Array,
  classes: Uint8Array,
): void {
  const size = DIGIT + 2 * MARGIN;
  const image = digits.inputs.subarray(index * size * size, (index + 1) * size * size);
  for (let y = 0; y < DIGIT; y++)
    for (let x = 0; x < DIGIT; x++) {
      const ink = image[(y + MARGIN) * size + x + MARGIN]!;
      const at = (top + y) * SCENE + left + x;
      pixels[at] = Math.max(pixels[at]!, ink);
      if (ink >= INK) classes[at] = digits.targets[index]! + 1;
    }
}

// ----------------------------------------------------------------------------------------------- waves and a curve

const WAVE_STEPS = 48;
const shapes: Record<string, (turn: number) => number> = {
  sine: (turn) => Math.sin(TAU * turn),
  square: (turn) => (turn % 1 < 0.5 ? 1 : -1),
  triangle: (turn) => 1 - 4 * Math.abs((turn % 1) - 0.5),
  sawtooth: (turn) => 2 * (turn % 1) - 1,
};

/** Classification of sequences: 48 noisy samples of a wave of one of four shapes, of random length, phase and height. */
function waves(): DataSet {
  const classes = Object.keys(shapes);
  const part = (name: string, count: number): Part => {
    const inputs = new Float32Array(count * WAVE_STEPS);
    const targets = Int32Array.from({ length: count }, (_, index) => index % classes.length);
    for (let index = 0; index < count; index++) {
      const random = seededRandom("waves", name, index);
      const [turns, phase, height] = [2 + 2 * random(), random(), 0.5 + random()];
      const shape = shapes[classes[targets[index]!]!]!;
      for (let step = 0; step < WAVE_STEPS; step++)
        inputs[index * WAVE_STEPS + step] =
          height * shape((turns * step) / WAVE_STEPS + phase) + 0.2 * gaussian(random);
    }
    return { count, keys: keysOf(name, count), inputs, targets };
  };
  const [train, test] = [part("train", 3000), part("test", 500)];
  return { name: "waves", task: "classification", inputShape: [WAVE_STEPS, 1], classes, train, test };
}

/** Regression in one dimension: y = sin(3πx)·(1 − x²/2) with noise of standard deviation 0.05, x from −1 to 1. */
function curve(): DataSet {
  const part = (name: string, count: number): Part => {
    const random = seededRandom("curve", name);
    const inputs = Float32Array.from({ length: count }, () => 2 * random() - 1);
    const targets = inputs.map((x) => Math.sin(3 * Math.PI * x) * (1 - (x * x) / 2) + 0.05 * gaussian(random));
    return { count, keys: keysOf(name, count), inputs, targets };
  };
  return {
    name: "curve",
    task: "regression",
    inputShape: [1],
    classes: [],
    train: part("train", 1000),
    test: part("test", 200),
  };
}

/** From the standard normal distribution (Box and Muller 1958). */
export const gaussian = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(TAU * random());
