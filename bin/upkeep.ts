/** Starts the thread of upkeep, and starts it again should it die. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

const AGAIN_MS = 1_000;

// a thread doesn't inherit what reads TypeScript here
const program = `
  const { register } = await import(${JSON.stringify(import.meta.resolve("tsx/esm/api"))});
  register();
  await import(${JSON.stringify(import.meta.resolve("./upkeep-worker.ts"))});`;

/** Returns what stops it: after the pass that it is in. The environment names the database. */
export function startUpkeep(): () => Promise<void> {
  let stopping = false;
  let worker = start();
  function start(): Worker {
    const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`));
    thread.on("error", (error) => console.error("holdout: the thread that puts points in order died:", error));
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
    const exited = once(worker, "exit");
    worker.postMessage("stop");
    await exited;
  };
}
