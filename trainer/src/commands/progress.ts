/** What a person sees while a model trains: one moving line on a terminal, a line an epoch elsewhere. */
import type { Progress } from "../train.ts";

const BAR_WIDTH = 24;
const REDRAW_MS = 100;

/** Returns the function that shows progress. `label` tells several trainings apart. */
export function showProgress(label: string, out: NodeJS.WriteStream = process.stdout): (progress: Progress) => void {
  const startedAt = Date.now();
  let firstStep: number | null = null;
  let drawnAt = 0;
  return (progress) => {
    firstStep ??= progress.step - 1;
    if (progress.validation) {
      if (out.isTTY) out.write("\r\u001b[2K");
      out.write(`${label}  ${epochLine(progress)}\n`);
    } else if (out.isTTY && Date.now() - drawnAt > REDRAW_MS) {
      drawnAt = Date.now();
      const perStep = (Date.now() - startedAt) / Math.max(1, progress.step - firstStep);
      const left = formatSeconds(((progress.steps - progress.step) * perStep) / 1000);
      out.write(
        `\r\u001b[2K${label}  ${bar(progress)} ${epochOf(progress)}  step ${progress.step}/${progress.steps}  ${rateOf(progress)}  loss ${number(progress.trainLoss)}  ${left} left`,
      );
    }
  };
}

const epochOf = ({ epoch, epochs }: Progress) => `epoch ${epoch + 1}/${epochs}`;
const rateOf = ({ samplesPerSecond }: Progress) => `${Math.round(samplesPerSecond)} samples/s`;

function epochLine(progress: Progress): string {
  const { majority } = progress;
  const beside = (name: string) =>
    majority && /accuracy$/.test(name) ? ` (always ${majority.name}: ${number(majority.share)})` : "";
  const measured = Object.entries(progress.validation ?? {}).map(
    ([name, value]) => `${wordsOf(name)} ${number(value)}${beside(name)}`,
  );
  return `${epochOf(progress)}  train loss ${number(progress.trainLoss)}  validation ${measured.join("  ")}  ${rateOf(progress)}`;
}

/** `mean_iou` as it is said: `mean iou`. */
export const wordsOf = (metric: string): string => metric.replaceAll("_", " ");

function bar({ step, steps }: Progress): string {
  const full = Math.round((BAR_WIDTH * step) / steps);
  return `${"━".repeat(full)}${"─".repeat(BAR_WIDTH - full)}`;
}

const number = (value: number) => (Number.isFinite(value) ? value.toFixed(4) : String(value));

/** Whole seconds as `1m 05s`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m ${String(whole % 60).padStart(2, "0")}s`;
}
