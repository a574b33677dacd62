/** Simulates loops a few at a time, so that the page answers in between. */
import type { LoopSettings } from "@/lib/referee/loop.ts";
import {
  type Manner,
  manners,
  type Outcome,
  simulateLoop,
  type Totals,
  totalsOf,
  type World,
} from "@/lib/referee/simulate.ts";

export type Simulated = { done: number; totals: Record<Manner, Totals> };

export const LOOPS = 100;
/** A frame of 60 in a second has 16 ms. */
const TURN_MS = 12;

/** Tells what there is after each turn, and ends where `signal` does. Seeds are 1, 2, …: the same world has the same figures. */
export async function simulateInTurns(
  { world, settings }: { world: World; settings: LoopSettings },
  tell: (simulated: Simulated) => void,
  signal: AbortSignal,
): Promise<void> {
  const outcomes: Record<Manner, Outcome[]> = { greedy: [], referee: [], milestones: [] };
  let since = performance.now();
  for (let seed = 1; seed <= LOOPS; seed++) {
    for (const manner of manners) {
      outcomes[manner].push(simulateLoop(world, settings, manner, seed));
      if (performance.now() - since < TURN_MS) continue;
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
      if (signal.aborted) return;
    }
    if (seed % 5 === 0) tell({ done: seed, totals: totalsOfEach(outcomes) });
  }
}

const totalsOfEach = (outcomes: Record<Manner, Outcome[]>): Record<Manner, Totals> => ({
  greedy: totalsOf(outcomes.greedy),
  referee: totalsOf(outcomes.referee),
  milestones: totalsOf(outcomes.milestones),
});
