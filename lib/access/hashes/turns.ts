/** Work that costs a password's hash: one at a time, those who are known before strangers, and no endless queue. */
import { ProblemError } from "../../problem.ts";

/** `known`: a member, a browser that a member signed in with before, or who holds a link. */
export type Lane = "known" | "stranger";
/** In each lane. A hash takes 60–100 ms: the last of them waits some seconds. */
const WAITING_MAX = 50;

// one a process, however often a bundler loads this module
const shared = globalThis as { holdoutTurns?: { busy: boolean; waiting: Record<Lane, (() => void)[]> } };
shared.holdoutTurns ??= { busy: false, waiting: { known: [], stranger: [] } };
const turns = shared.holdoutTurns;

/** Does `work` when its turn has come. Throws `unavailable` where too many wait already. */
export async function inTurn<Value>(lane: Lane, work: () => Promise<Value>): Promise<Value> {
  if (turns.busy) await waitIn(lane);
  turns.busy = true;
  try {
    return await work();
  } finally {
    const next = turns.waiting.known.shift() ?? turns.waiting.stranger.shift();
    // who is next finds it busy, so that nobody slips in between
    if (next) next();
    else turns.busy = false;
  }
}

function waitIn(lane: Lane): Promise<void> {
  const queue = turns.waiting[lane];
  if (queue.length >= WAITING_MAX)
    throw new ProblemError("unavailable", "Many people sign in right now. Wait a few seconds, then try again.");
  return new Promise((resolve) => queue.push(resolve));
}
