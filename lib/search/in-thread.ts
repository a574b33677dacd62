/** A search that computes for long asks in a thread, so that no request waits for it. */
import { sharedLane } from "../lane.ts";
import { InputError } from "../statistics/inputs.ts";
import { ask, type Search } from "./ask.ts";
import type { Trial } from "./history.ts";
import type { Assignment, Space } from "./space.ts";

type Question = { space: Space; history: readonly Trial[]; search: Search };
type Answer = { values: Assignment | null } | { refusal: string };

/** A process of two hundred trials takes a fifth of a second on a quiet core. */
const DEADLINE_MS = 60_000;
const HEAP_MB = 512;
const IDLE_MS = 60_000;

/** As `ask`; a Gaussian process is computed in a thread, the others at once. Throws `InputError` as it does. */
export async function askAside(space: Space, history: readonly Trial[], search: Search): Promise<Assignment | null> {
  if (search.method !== "gaussian-process") return ask(space, history, search);
  const answer = await sharedLane<Question, Answer>("search", {
    program: "lib/search/search-thread.mjs",
    heapMb: HEAP_MB,
    deadlineMs: DEADLINE_MS,
    idleMs: IDLE_MS,
  }).ask({ space, history, search });
  if ("refusal" in answer) throw new InputError(answer.refusal);
  return answer.values;
}

/** What the thread answers. */
export function answerOf({ space, history, search }: Question): Answer {
  try {
    return { values: ask(space, history, search) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { refusal: error.message };
  }
}
