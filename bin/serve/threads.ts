/** Threads beside the requests: each is started, and started again should it die. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { LaneName } from "../../lib/job-programs.ts";
import { logError } from "../../lib/log.ts";
import { type ThreadProgram, urlOf } from "./built-programs.ts";

const AGAIN_MS = 1_000;

/** Puts points in order, and summaries behind them. `isBuilt`: by the program that the build made, not by its sources. */
export const startUpkeep = (isBuilt: boolean) => startThread("upkeep-worker", isBuilt, "puts points in order");
/** Does jobs, such as the checks of a manifest: a thread a lane. */
export function startJobs(isBuilt: boolean): () => Promise<void> {
  const stops = (["checks", "others"] satisfies LaneName[]).map((lane) =>
    startThread("jobs-worker", isBuilt, "does jobs", lane),
  );
  return async () => void (await Promise.all(stops.map((stop) => stop())));
}

// requests go first: where threads have a priority of their own, this is the thread's, and else it would be everybody's.
// a thread doesn't inherit what reads TypeScript here
const programOf = (name: ThreadProgram, isBuilt: boolean) => `
  const { constants, setPriority } = await import("node:os");
  if (process.platform === "linux") setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  ${isBuilt ? "" : `(await import(${JSON.stringify(import.meta.resolve("tsx/esm/api"))})).register();`}
  await import(${JSON.stringify(urlOf(name, isBuilt))});`;

/** Returns what stops it: after what it is at; one that is still being loaded is at nothing. The environment names the database; `data` is the thread's `workerData`. */
function startThread(name: ThreadProgram, isBuilt: boolean, work: string, data?: unknown): () => Promise<void> {
  const program = programOf(name, isBuilt);
  let stopping = false;
  let isReady = false;
  let worker = start();
  function start(): Worker {
    const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), {
      workerData: data,
      execArgv: [],
    });
    thread.on("error", (error) => logError(`the thread that ${work} died`, error));
    isReady = false;
    thread.once("message", () => {
      isReady = true;
    });
    thread.on("exit", () => {
      setTimeout(() => {
        if (!stopping) worker = start();
      }, AGAIN_MS).unref();
    });
    return thread;
  }
  return async () => {
    stopping = true;
    if (worker.threadId === -1) return;
    if (!isReady) return void (await worker.terminate());
    const exited = once(worker, "exit");
    worker.postMessage("stop");
    await exited;
  };
}
