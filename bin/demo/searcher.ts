/** The demo's searcher: one change after another to a small network, some that help, some that harm, most that do nothing. */
import { seededRandom } from "../../lib/statistics/resampling/random.ts";
import type { Config } from "../../lib/wire/base/config.ts";

export type Change = (held: Config) => Config;

/** Slower than is good, so that there is something to find. */
export const firstConfig: Config = {
  family: "cnn",
  filters: [8],
  batchSize: 32,
  epochs: 3,
  batchNorm: false,
  dropout: 0,
  clipNorm: null,
  optimizer: { name: "adam", learningRate: 0.0005, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
};

const optimizer = (held: Config) => held.optimizer as { [key: string]: number | string };
const at = <Value>(list: readonly Value[], random: () => number): Value => list[Math.floor(random() * list.length)]!;
const set =
  (change: Config): Change =>
  (held) => ({ ...held, ...change });
const tune =
  (key: string, value: (before: number) => number): Change =>
  (held) => ({
    ...held,
    optimizer: { ...optimizer(held), [key]: Number(value(Number(optimizer(held)[key])).toPrecision(6)) },
  });

const to = (key: string, value: number): Change => tune(key, () => value);

/** What may be changed, each as often as the others. What is drawn is drawn once: a change is the same whatever it is made to. */
const kinds: ((random: () => number) => Change)[] = [
  (random) => {
    const factor = at([0.5, 0.7, 1.4, 2, 3], random);
    return tune("learningRate", (rate) => Math.min(0.02, rate * factor));
  },
  (random) => to("beta1", at([0.85, 0.88, 0.92, 0.95], random)),
  (random) => to("beta2", at([0.99, 0.995, 0.998, 0.9995], random)),
  (random) => to("epsilon", at([1e-8, 3e-8, 3e-7, 1e-6], random)),
  (random) => set({ dropout: at([0, 0.05, 0.1, 0.3], random) }),
  (random) => set({ batchSize: at([16, 24, 32, 48], random) }),
  (random) => set({ filters: at([[6], [8], [10], [12]], random) }),
  (random) => set({ clipNorm: at([null, 1, 5, 10], random) }),
];

/** Without an end; the same for the same seed. Rates are multiplied, so that changes add up. */
export function* changesOf(seed: number): Generator<Change, never> {
  const random = seededRandom(seed);
  for (;;) yield at(kinds, random)(random);
}
