/** The samples that a training in the browser learns from: made here, of a seed, the same on every machine. Pure. */
import { spirals } from "@/lib/runs/browser-settings.ts";
import { seededNormal, seededRandom, seedOf } from "@/lib/statistics/resampling/random.ts";

/** `inputs`: x and y of each sample, `[count, 2]`. `classes`: 0 or 1, by the arm that it lies on. */
export type Samples = { count: number; inputs: Float32Array; classes: Int32Array };

/** The arms in turn, each sample at a place of its arm that is drawn so that the arm is as dense at its end as at its middle. */
export function makeSpirals(part: "train" | "validation"): Samples {
  const count = spirals[part];
  const random = seededRandom(seedOf(spirals.seed, part));
  const normal = seededNormal(random);
  const inputs = new Float32Array(count * 2);
  const classes = Int32Array.from({ length: count }, (_, at) => at % 2);
  for (let at = 0; at < count; at++) {
    const radius = Math.sqrt(random());
    const angle = 2 * Math.PI * spirals.turns * radius + Math.PI * classes[at]!;
    inputs[2 * at] = radius * Math.cos(angle) + spirals.noise * normal();
    inputs[2 * at + 1] = radius * Math.sin(angle) + spirals.noise * normal();
  }
  return { count, inputs, classes };
}

/** The numbers 0 … n−1 in an order drawn by `random` (Fisher and Yates). */
export function shuffled(n: number, random: () => number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, index) => index);
  for (let last = n - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** The samples at some places, in their order. */
export function pick({ inputs, classes }: Samples, places: Uint32Array): Samples {
  const picked = new Float32Array(places.length * 2);
  for (const [at, place] of places.entries()) picked.set(inputs.subarray(2 * place, 2 * place + 2), 2 * at);
  return { count: places.length, inputs: picked, classes: Int32Array.from(places, (place) => classes[place]!) };
}
