/** Waiting that never keeps a process alive, and work that does. */
import { setTimeout as pause } from "node:timers/promises";

/** Waits, at most until the signal says stop; lets the process end meanwhile. */
export async function pauseUnless(stop: AbortSignal, ms: number): Promise<void> {
  try {
    await pause(ms, undefined, { ref: false, signal: stop });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

/** Keeps the process from ending before `work` has, which the timers of the background don't. */
export async function staysAlive<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => {}, 60_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
