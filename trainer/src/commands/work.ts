/** `work`: polls for trials, and trains each in a process of its own, until it is told to end. */
import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import type { ClaimedTrial } from "../../../lib/wire/studies/trials.ts";
import type { WorkSettings } from "../config/settings.ts";
import { holdTrial } from "../worker/hold-trial.ts";
import { claimTrial, registerWorker } from "../worker/protocol.ts";
import { type CommandContext, unlessStopped } from "./context.ts";
import { DIVERGED } from "./follow.ts";
import { AWAY, REFUSED } from "./trial.ts";

/** Between two questions where nothing waits: from the first, half as long again each time, up to the last. */
const IDLE_MS = { first: 200, last: 2_000 };

/**
 * Takes trials one after the other. SIGINT and SIGTERM drain it at once: what it trains ends with a checkpoint and waits for
 * another worker. Drained from the page it ends what it has first. Returns the exit code.
 */
export async function workCommand(context: CommandContext, settings: WorkSettings): Promise<number> {
  const { labels, memory, parallel } = settings;
  const name = settings.name ?? `${hostname()} ${process.pid}`;
  const worker = await unlessStopped(context, () =>
    registerWorker(context.target, { name, labels, memoryGib: memory }, context.signal),
  );
  const having = [...labels, ...(memory === null ? [] : [`${memory} GiB`])].join(", ");
  console.log(`Worker ${name}${having && ` (${having})`} takes trials from ${context.target.url}`);
  await Promise.all(Array.from({ length: parallel }, () => work(context, settings, worker)));
  console.log(`Worker ${name} has ended.`);
  return 0;
}

async function work(context: CommandContext, settings: WorkSettings, worker: string): Promise<void> {
  let idleMs = IDLE_MS.first;
  while (!context.signal.aborted) {
    const answer = await unlessEnding(context, () => claimTrial(context.target, worker, context.signal));
    if (answer?.isDraining) return;
    if (answer?.trial) {
      idleMs = IDLE_MS.first;
      await train(context, settings, answer.trial);
    } else if (answer === null || !settings.once) {
      await pause(idleMs, undefined, { signal: context.signal }).catch(() => undefined);
      idleMs = Math.min(IDLE_MS.last, idleMs * 1.5);
    }
    if (answer && settings.once) return;
  }
}

/** A request that a signal breaks off has no answer. */
async function unlessEnding<T>({ signal }: CommandContext, request: () => Promise<T>): Promise<T | null> {
  try {
    return await request();
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

async function train(context: CommandContext, settings: WorkSettings, claimed: ClaimedTrial): Promise<void> {
  const { run, stepsBudget } = claimed;
  console.log(`${run.name}: ${run.isBegun ? "goes on" : "begins"}, run ${run.id}`);
  const outcome = await holdTrial(claimed, {
    target: context.target,
    args: trialArguments(context, settings, run.id, stepsBudget),
    codes: { diverged: DIVERGED, refused: REFUSED, away: AWAY },
    draining: context.signal,
  });
  console.log(`${run.name}: ${outcome === "lost" ? "another worker has it" : outcome}`);
}

/** The command line of one trial: where its samples lie on this machine. Address and token go another way. */
function trialArguments(
  { spoolDir, code }: CommandContext,
  settings: WorkSettings,
  runId: string,
  steps: number | null,
): string[] {
  const { data, target, task, columns, blanks, missing, decimals, backend } = settings;
  const given = { data, target, task, columns, blanks, missing, decimals, backend, steps };
  const flags = Object.entries(given).flatMap(([name, value]) => (value === null ? [] : [`--${name}`, String(value)]));
  return ["trial", runId, "--spool", spoolDir, ...(code ? [] : ["--no-code"]), ...flags];
}
