/** The way back of a start: what was started ends in reverse, on Ctrl-C, SIGTERM, a closed terminal, or a failure. */
import { setTimeout as delay } from "node:timers/promises";
import { shown } from "./command.ts";

export type Shutdown = {
  /** Aborted when somebody asks for the end. */
  signal: AbortSignal;
  /** Remembers how to undo what was just started. */
  onStop: (act: () => Promise<void>) => void;
  /** Runs a step of the start, for whose end a shutdown waits. Throws where the end was asked for meanwhile. */
  step: <Result>(act: () => Promise<Result>) => Promise<Result>;
  /** From now on an error that nobody caught is shown and does not end the server: one request's is not all people's. */
  serving: () => void;
  /** Ends everything after something broke, and the process with 1. */
  fail: (error: unknown) => void;
  /** Ends everything, and the process with `code`: what was to be done is done. */
  finish: (code: number) => void;
};

/** Two signals within this time are one press: npm repeats the terminal's Ctrl-C. */
const ONE_PRESS_MS = 1000;
/** A step that takes longer is left behind; what it started ends with its parent. */
const STEP_ENDS_MS = 5000;

/** Handles this process's signals from now on. A second press ends at once. */
export function handleSignals(): Shutdown {
  const stopping = new AbortController();
  const acts: (() => Promise<void>)[] = [];
  let running: Promise<unknown> = Promise.resolve();
  let askedAt = 0;
  let isServing = false;

  async function end(code: number): Promise<void> {
    stopping.abort();
    await Promise.race([running, delay(STEP_ENDS_MS)]);
    for (let act = acts.pop(); act; act = acts.pop()) await act().catch((error: unknown) => console.error(error));
    process.exit(code);
  }
  function onSignal(): void {
    if (askedAt > 0 && Date.now() - askedAt > ONE_PRESS_MS) process.exit(130);
    if (askedAt > 0) return;
    askedAt = Date.now();
    if (stopping.signal.aborted) return;
    console.log("Stopping …");
    void end(0);
  }
  function fail(error: unknown): void {
    console.error(shown(error));
    if (!stopping.signal.aborted) void end(1);
  }
  async function step<Result>(act: () => Promise<Result>): Promise<Result> {
    stopping.signal.throwIfAborted();
    const result = act();
    running = result.catch(() => {});
    const value = await result;
    stopping.signal.throwIfAborted();
    return value;
  }

  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, onSignal);
  // a terminal or a pipe that went away is no reason to fall
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  process.on("unhandledRejection", (reason) => console.error("Unhandled rejection:", reason));
  process.on("uncaughtException", (error) => (isServing ? console.error("Uncaught exception:", error) : fail(error)));
  const serving = () => {
    isServing = true;
  };
  const finish = (code: number) => void (stopping.signal.aborted || end(code));
  return { signal: stopping.signal, onStop: (act) => void acts.push(act), step, serving, fail, finish };
}
