/** A metric's file of an MLflow file store: a line a point, `TIMESTAMP VALUE STEP`; step 0 in old stores, more columns in new ones. */
import { floatOf } from "../python.ts";
import type { Intake } from "../series.ts";

const DUPLICATE = "written twice: the same time, value and step (MLflow 3 does so where a model is logged)";

/** Adds the points of a file. Lines that are none are counted as points that are left out. */
export function addMetricLines(intake: Intake, key: string, text: string): void {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  // a line that is torn in its value looks like one of an old store, which has no step
  const columnsMin = Math.min(lines[0]?.split(" ").length ?? 2, 3);
  let stepMax = Number.NEGATIVE_INFINITY;
  let seen: Set<string> | null = null;
  for (const [at, line] of lines.entries()) {
    const point = pointOf(line, columnsMin);
    if (point === null) {
      intake.refuse(key, "damaged: its line isn't a time, a value and a step");
      continue;
    }
    // a line can only be there already where steps go back: a set of all lines costs more than all the rest
    if (point.step <= stepMax) seen ??= new Set(lines.slice(0, at));
    if (seen?.has(line)) {
      intake.refuse(key, DUPLICATE);
      continue;
    }
    seen?.add(line);
    stepMax = Math.max(stepMax, point.step);
    intake.add(key, point.step, point.time, point.value);
  }
}

function pointOf(line: string, columnsMin: number): { time: number; value: number; step: number } | null {
  const second = line.indexOf(" ") + 1;
  const third = second === 0 ? 0 : line.indexOf(" ", second) + 1;
  if (second === 0 || (third === 0 && columnsMin > 2)) return null;
  const fourth = third === 0 ? 0 : line.indexOf(" ", third) + 1;
  const time = floatOf(line.slice(0, second - 1));
  const value = floatOf(third === 0 ? line.slice(second) : line.slice(second, third - 1));
  const step = third === 0 ? 0 : floatOf(fourth === 0 ? line.slice(third) : line.slice(third, fourth - 1));
  if (time === null || value === null || step === null || !Number.isInteger(step)) return null;
  return { time, value, step };
}
