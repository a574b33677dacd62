/** Threads that parse large bodies: another request never waits for one, and one that takes too long is ended. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
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

type Task = {
  route: RouteName;
  bytes: Uint8Array;
  resolve: (value: Parsed | Batch) => void;
  reject: (error: Error) => void;
};
type Lane = { worker: Worker | null; waiting: Task[]; now: Task | null; deadline: NodeJS.Timeout | null };
// one a process, however often a bundler loads this module
const shared = globalThis as { holdoutBodyLanes?: Record<"small" | "large", Lane> };
const newLane = (): Lane => ({ worker: null, waiting: [], now: null, deadline: null });
shared.holdoutBodyLanes ??= { small: newLane(), large: newLane() };
const lanes = shared.holdoutBodyLanes;

/** As `parseBody`, in a thread, which takes the bytes over. */
export function parseInThread(route: RouteName, bytes: Uint8Array): Promise<Parsed | Batch> {
  const lane = lanes[bytes.length <= SMALL_BYTES ? "small" : "large"];
  return new Promise((resolve, reject) => {
    lane.waiting.push({ route, bytes, resolve, reject });
    begin(lane);
  });
}

function begin(lane: Lane): void {
  if (lane.now) return;
  const task = lane.waiting.shift();
  if (!task) return void lane.worker?.unref();
  lane.now = task;
  lane.worker ??= startWorker(lane);
  // the thread keeps no process alive but while somebody waits for it
  lane.worker.ref();
  lane.deadline = setTimeout(() => {
    const detail = `the body of ${task.bytes.length} bytes took longer than ${DEADLINE_MS / 1000} s to read; send it in parts`;
    end(lane, new ProblemError("too-large", detail));
  }, DEADLINE_MS);
  const bytes = ownBytes(task.bytes);
  lane.worker.postMessage({ route: task.route, bytes }, [bytes.buffer]);
}

/** Alone in their buffer, which is the thread's from then on. */
const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  (bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
    ? bytes
    : new Uint8Array(bytes)) as Uint8Array<ArrayBuffer>;

function startWorker(lane: Lane): Worker {
  // the thread's file is named as data: the bundler would take it, and tsx with it, for a part of the app
  const worker = new Worker('import(require("node:worker_threads").workerData.program)', {
    eval: true,
    workerData: { program: pathToFileURL(path.join(process.cwd(), "lib/bodies/body-thread.mjs")).href },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    execArgv: [],
  });
  worker.on("message", (answer: BodyAnswer) => {
    const task = finish(lane);
    if (!task) return;
    if ("value" in answer) task.resolve(answer.value);
    else task.reject(new ProblemError(answer.refusal.kind, answer.refusal.detail, answer.refusal.errors));
    begin(lane);
  });
  worker.on("error", (cause: Error & { code?: string }) => {
    if (lane.worker !== worker) return;
    const isMemory = cause.code === "ERR_WORKER_OUT_OF_MEMORY";
    const detail = "the body takes more memory than there is for one; send it in parts";
    end(
      lane,
      isMemory ? new ProblemError("too-large", detail) : new Error("the thread that parses bodies died", { cause }),
    );
  });
  return worker;
}

function finish(lane: Lane): Task | null {
  if (lane.deadline) clearTimeout(lane.deadline);
  const task = lane.now;
  Object.assign(lane, { now: null, deadline: null });
  return task;
}

/** Ends the thread and what it is at; the next body gets a fresh one. */
function end(lane: Lane, error: Error): void {
  const { worker } = lane;
  lane.worker = null;
  void worker?.terminate();
  finish(lane)?.reject(error);
  begin(lane);
}
