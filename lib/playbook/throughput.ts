/** How throughput grows with the batch, by the tuning playbook (P7–P11). Pure. */
import { InputError } from "../statistics/inputs.ts";

/** Batch sizes that double, the smallest first, with the examples a second that each reached. */
export type Probe = { batch: number; examplesPerSecond: number };

export type Scaling = {
  /** Seconds a step of each. */
  stepSeconds: number[];
  /** From each to the next: 1 where twice the batch gives twice the throughput. */
  efficiencies: number[];
  /** The first batch that gave less than a tenth more than the one before; null: none. */
  saturatedAt: number | null;
  /** The batch of the highest throughput. */
  best: number;
};

/** Twice the batch has to give 1.1 times the throughput to be worth it. */
const WORTH = 0.55;

/** Of two probes or more. Throws `InputError`. */
export function scalingOf(probes: readonly Probe[]): Scaling {
  if (probes.length < 2)
    throw new InputError(`${probes.length} batch sizes were tried: two or more say how throughput grows`);
  const wrong = probes.find(({ batch, examplesPerSecond }) => !(batch > 0) || !(examplesPerSecond > 0));
  if (wrong)
    throw new InputError(
      `batch ${wrong.batch} with ${wrong.examplesPerSecond} examples a second: both must be above 0`,
    );
  const efficiencies = probes
    .slice(1)
    .map(({ examplesPerSecond }, at) => examplesPerSecond / (2 * probes[at]!.examplesPerSecond));
  const saturated = efficiencies.findIndex((efficiency) => efficiency < WORTH);
  const fastest = Math.max(...probes.map(({ examplesPerSecond }) => examplesPerSecond));
  return {
    stepSeconds: probes.map(({ batch, examplesPerSecond }) => batch / examplesPerSecond),
    efficiencies,
    saturatedAt: saturated < 0 ? null : probes[saturated + 1]!.batch,
    best: probes.find(({ examplesPerSecond }) => examplesPerSecond === fastest)!.batch,
  };
}
