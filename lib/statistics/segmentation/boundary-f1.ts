/** Whether the edges of two masks lie near each other. Pure. */
import { because, type Measured, type UndefinedKind } from "../measured.ts";
import { type BinaryMask, diagonalOf, refuseMasks } from "./binary-mask.ts";

/** The mask's pixels that have a neighbour above, below, left or right outside it; beyond the image is outside. */
function boundaryOf({ width, height, pixels }: BinaryMask): Uint8Array {
  const isSet = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && pixels[y * width + x] !== 0;
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    const inside = isSet(x - 1, y) && isSet(x + 1, y) && isSet(x, y - 1) && isSet(x, y + 1);
    return isSet(x, y) && !inside ? 1 : 0;
  });
}

export type BoundaryF1 = {
  /** The share of predicted boundary pixels near a true one. */
  precision: Measured;
  /** The share of true boundary pixels near a predicted one. */
  recall: Measured;
  /** Their harmonic mean; 0 where one mask alone has a boundary. Undefined where neither has. */
  f1: Measured;
};

/** The usual tolerance, as a share of the image's diagonal. */
const TOLERANCE = 0.0075;

/**
 * Csurka et al. 2013. `tolerance` is in pixels between centres, Euclidean, itself included; left out: .0075 of the
 * diagonal. Costs its square.
 */
export function boundaryF1(
  truth: BinaryMask,
  prediction: BinaryMask,
  tolerance = TOLERANCE * diagonalOf(truth),
): BoundaryF1 {
  refuseMasks(truth, prediction);
  const [edgeTruth, edgePrediction] = [boundaryOf(truth), boundaryOf(prediction)];
  const near = offsetsWithin(tolerance);
  const share = (of: Uint8Array, to: Uint8Array, reason: UndefinedKind): Measured => {
    let [count, found] = [0, 0];
    for (let at = 0; at < of.length; at++) {
      if (of[at] === 0) continue;
      count++;
      if (hasNear(to, { at, width: truth.width, height: truth.height }, near)) found++;
    }
    return count === 0 ? because(reason) : found / count;
  };
  const precision = share(edgePrediction, edgeTruth, "prediction-without-boundary");
  const recall = share(edgeTruth, edgePrediction, "truth-without-boundary");
  if (typeof precision !== "number" && typeof recall !== "number")
    return { precision, recall, f1: because("no-boundary") };
  if (typeof precision !== "number" || typeof recall !== "number") return { precision, recall, f1: 0 };
  const sum = precision + recall;
  return { precision, recall, f1: sum === 0 ? 0 : (2 * precision * recall) / sum };
}

function offsetsWithin(tolerance: number): [x: number, y: number][] {
  const reach = Math.floor(tolerance);
  const steps = Array.from({ length: 2 * reach + 1 }, (_, at) => at - reach);
  return steps
    .flatMap((y) => steps.map((x): [number, number] => [x, y]))
    .filter(([x, y]) => x * x + y * y <= tolerance * tolerance)
    .sort(([a, b], [c, d]) => a * a + b * b - c * c - d * d);
}

function hasNear(
  edge: Uint8Array,
  { at, width, height }: { at: number; width: number; height: number },
  offsets: [number, number][],
): boolean {
  const [x, y] = [at % width, Math.floor(at / width)];
  for (const [dx, dy] of offsets) {
    const [toX, toY] = [x + dx, y + dy];
    if (toX >= 0 && toY >= 0 && toX < width && toY < height && edge[toY * width + toX] === 1) return true;
  }
  return false;
}
