/** Code is compared in a thread: patches are foreign, and what reads them may take its time. */
import { LaneError, sharedLane } from "../../lane.ts";
import type { CodeQuestion } from "./answer.ts";
import type { ShownCode } from "./shown.ts";

/** Two patches of 2 MB without a line in common take 2 s on two busy cores. */
const DEADLINE_MS = 10_000;
const HEAP_MB = 512;
/** Grammars take 60 MB, which nobody needs between two looks at code. */
const IDLE_MS = 60_000;

/** Null where it takes longer than there is time, or more memory. */
export function compareInThread(question: CodeQuestion): Promise<ShownCode | null> {
  return sharedLane<CodeQuestion, ShownCode>("code", {
    program: "lib/compare/code/code-thread.mjs",
    heapMb: HEAP_MB,
    deadlineMs: DEADLINE_MS,
    idleMs: IDLE_MS,
  })
    .ask(question)
    .catch((error: unknown) => {
      if (error instanceof LaneError && error.end !== "died") return null;
      throw error;
    });
}
