/** The training side of row 9, in a process of its own: calls of log() timed one by one, each beside an empty function. */
import { rm } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";
import { createRun, type LogEntry, type RunHandle } from "../trainer/src/client.ts";
import { quantile } from "./harness.ts";
import type { LogCalls, LogTimes } from "./log.ts";

process.on("message", (asked: LogCalls) => {
  void measure(asked).then(
    (times) => process.send?.({ times }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
  );
});

/** A training waits for its own results now and then; without that no timer would ever fire. */
const CALLS_A_TURN = 100;
const WARM_UP_CALLS = 50_000;
const STALL_MS = 1;

async function measure({ calls, spoolDir, ...options }: LogCalls): Promise<LogTimes> {
  const run = await createRun({ ...options, spoolDir, config: {}, code: false, name: "log()" });
  await timeCalls(run, 0, WARM_UP_CALLS);
  const heapBefore = process.memoryUsage().heapUsed;
  const { logged, empty } = await timeCalls(run, WARM_UP_CALLS, calls);
  const heapGrown = process.memoryUsage().heapUsed - heapBefore;
  const { lost } = run.status();
  // what couldn't be delivered meanwhile isn't waited for
  await run.kill("SIGTERM", { timeoutMs: 1 });
  await rm(spoolDir, { recursive: true, force: true });
  const clock = quantile(empty, 0.5);
  return {
    p50: (quantile(logged, 0.5) - clock) * 1000,
    p999: (quantile(logged, 0.999) - clock) * 1000,
    p999Empty: (quantile(empty, 0.999) - clock) * 1000,
    longest: Math.max(...top(logged)),
    stalls: logged.filter((ms) => ms > STALL_MS).length,
    stallsEmpty: empty.filter((ms) => ms > STALL_MS).length,
    heapGrown,
    lost,
  };
}

/** Milliseconds of each call of log() with ten metrics, and of the empty function's call after it, the clock included. */
async function timeCalls(run: RunHandle, from: number, count: number) {
  const logged = new Float64Array(count);
  const empty = new Float64Array(count);
  for (let call = 0; call < count; call++) {
    const step = from + call;
    const before = performance.now();
    run.log(entryOf(step));
    const between = performance.now();
    doNothing(entryOf(step));
    empty[call] = performance.now() - between;
    logged[call] = between - before;
    if (call % CALLS_A_TURN === 0) await turn();
  }
  return { logged, empty };
}

const last = { step: 0 };
function doNothing(entry: LogEntry): void {
  last.step = entry.step;
}

/** As a training writes it: an object of its own each step. */
function entryOf(step: number): LogEntry {
  const value = 1 / (step + 1);
  return {
    split: "train",
    step,
    metrics: {
      loss: value,
      accuracy: 1 - value,
      "gradient/norm": value * 3,
      "gradient/max": value * 5,
      learningRate: 0.001,
      "loss/head": value / 2,
      "loss/body": value / 4,
      throughput: 1000 + value,
      "memory/heap": 1e8 + step,
      "memory/tensors": 1e6 + step,
    },
  };
}

/** The longest hundred, so that no call has a million arguments. */
const top = (values: Float64Array) => values.toSorted().slice(-100);
