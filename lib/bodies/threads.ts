/** Threads that parse large bodies: another request never waits for one, and one that takes too long is ended. */
import { LaneError, sharedLane } from "../lane.ts";
import type { Parsed } from "../parsed.ts";
import { ProblemError } from "../problem.ts";
import type { Batch } from "../wire/points/batch.ts";
import type { RouteName } from "../wire/routes.ts";
import type { BodyAnswer } from "./answer-body.ts";

/** One body at most: the longest that was measured on two busy cores takes 6 s. */
const DEADLINE_MS = 30_000;
/** Bodies up to this many bytes don't wait for those above. */
const SMALL_BYTES = 2 * 2 ** 20;
const HEAP_MB = 1024;

const laneOf = (sizeBytes: number) =>
  sharedLane<{ route: RouteName; bytes: Uint8Array }, BodyAnswer>(
    sizeBytes <= SMALL_BYTES ? "small bodies" : "large bodies",
    { program: "lib/bodies/body-thread.mjs", heapMb: HEAP_MB, deadlineMs: DEADLINE_MS, idleMs: null },
  );

/** As `parseBody`, in a thread, which takes the bytes over. */
export async function parseInThread(route: RouteName, given: Uint8Array): Promise<Parsed | Batch> {
  const sizeBytes = given.length;
  const bytes = ownBytes(given);
  const answer = await laneOf(sizeBytes)
    .ask({ route, bytes }, [bytes.buffer])
    .catch((error: unknown) => {
      throw refusalOf(error, sizeBytes);
    });
  if ("value" in answer) return answer.value;
  throw new ProblemError(answer.refusal.kind, answer.refusal.detail, answer.refusal.errors);
}

function refusalOf(error: unknown, sizeBytes: number): unknown {
  if (!(error instanceof LaneError) || error.end === "died") return error;
  const why =
    error.end === "late"
      ? `the body of ${sizeBytes} bytes took longer than ${DEADLINE_MS / 1000} s to read`
      : "the body takes more memory than there is for one";
  return new ProblemError("too-large", `${why}; send it in parts`, undefined, { cause: error });
}

/** Alone in their buffer, which is the thread's from then on. */
const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  (bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
    ? bytes
    : new Uint8Array(bytes)) as Uint8Array<ArrayBuffer>;
