/** The colours of the runs of a comparison: the same in every part of the page, whatever is hidden. Pure. */
import { assignSlots, lookOfSlot, type RunLook } from "@/app/_ui/parts/run-color.ts";
import type { ComparedRun } from "@/lib/wire/comparison.ts";

/** By run: what somebody chose for it, else by age, so that a column keeps its colour where it moves. */
export function looksOf(runs: readonly Pick<ComparedRun, "id" | "color">[]): Map<string, RunLook> {
  const chosen = new Map(runs.flatMap(({ id, color }) => (color === null ? [] : [[id, color] as const])));
  const slots = assignSlots(runs.map(({ id }) => id).sort(), new Map(), chosen);
  return new Map([...slots].map(([id, slot]) => [id, lookOfSlot(slot)]));
}
