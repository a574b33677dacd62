/** How small a difference of two models' accuracies a test set can show. Pure. */
import { normalQuantile } from "../distributions/normal.ts";
import { refuseSetting } from "../inputs.ts";

/**
 * The difference that a paired test on n samples shows with probability `power`, where `discordance` (0–1) is the share of
 * samples on which exactly one model is right: (z_{1−alpha/2} + z_power) √(discordance/n). Stands beside every 'not
 * distinguishable'. By the normal law.
 */
export function detectableDifference(
  n: number,
  discordance: number,
  { alpha = 0.05, power = 0.8 }: { alpha?: number; power?: number } = {},
): number {
  refuseSetting(n > 0, "a test set needs a sample");
  refuseSetting(discordance >= 0 && discordance <= 1, `the discordance is ${discordance}: it must be in 0–1`);
  return (normalQuantile(1 - alpha / 2) + normalQuantile(power)) * Math.sqrt(discordance / n);
}
