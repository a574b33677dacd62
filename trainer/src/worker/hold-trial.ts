/** One trial that a worker holds: trained in a process of its own, whose end, of whatever kind, is told to the server. */
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ClaimedTrial, Tell } from "../../../lib/wire/studies/trials.ts";
import type { Target } from "../client/http.ts";
import { renewLease, tellTrial } from "./protocol.ts";

export type HoldInput = {
  target: Target;
  /** The arguments of the trainer's program that train the trial. */
  args: string[];
  /** Exit codes of that program that mean more than a crash. */
  codes: { diverged: number; refused: number; away: number };
  /** Aborted where the worker is to end: the training ends with a checkpoint, and the trial waits for another. */
  draining: AbortSignal;
};

/** How long a training that is told to end may take for its last checkpoint. */
const END_MS = 30_000;
/** What is kept of what a training said last. */
const TAIL_CHARACTERS = 2_000;

/** Why a training is ended before its time. */
type Why = "stop" | "pause" | "lost";

/** Trains a claimed trial to its end, and tells it. Returns what was told; `lost` where another holds it now. */
export async function holdTrial(claimed: ClaimedTrial, input: HoldInput): Promise<Tell["outcome"] | "lost"> {
  const { target, draining } = input;
  const child = start(input);
  const tail = keepTail(child);
  let why: Why | null = null;
  const end = (reason: Why) => {
    // a run whose lease is lost is another's: this training may not end it
    if (reason === "lost") child.kill("SIGKILL");
    else if (why === null) {
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), END_MS).unref();
    }
    why = why === "lost" ? "lost" : reason;
  };
  const drain = () => end("pause");
  draining.addEventListener("abort", drain);
  if (draining.aborted) drain();
  const ended = new AbortController();
  const renewing = renewUntil(ended.signal, claimed, target, end);
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once("close", (...how) => resolve(how));
  });
  ended.abort();
  draining.removeEventListener("abort", drain);
  await renewing;
  if (why === "lost") return "lost";
  const tell = outcomeOf({ code, signal, why, tail: tail() }, input.codes);
  return (await tellTrial(target, claimed, tell)) ? tell.outcome : "lost";
}

function start({ target, args }: HoldInput): ChildProcess {
  const program = fileURLToPath(new URL("../../bin.mjs", import.meta.url));
  return spawn(process.execPath, [program, ...args], {
    // by the fourth it notices that this worker is gone
    stdio: ["ignore", "inherit", "pipe", "ipc"],
    env: { ...process.env, HOLDOUT_URL: target.url, HOLDOUT_TOKEN: target.token },
  });
}

function keepTail(child: ChildProcess): () => string {
  let tail = "";
  child.stderr?.setEncoding("utf8").on("data", (some: string) => {
    process.stderr.write(some);
    tail = (tail + some).slice(-TAIL_CHARACTERS);
  });
  return () => tail.trim();
}

/** Renews the lease as often as it was asked for, and passes on what the server says with it. */
async function renewUntil(
  ended: AbortSignal,
  claimed: ClaimedTrial,
  target: Target,
  end: (why: Why) => void,
): Promise<void> {
  const wait = () => pause(claimed.renewMilliseconds, undefined, { signal: ended }).catch(() => undefined);
  for (await wait(); !ended.aborted; await wait()) {
    const said = await renewLease(target, claimed);
    if (said === "stop" || said === "pause" || said === "lost") end(said);
    if (said === "lost") return;
  }
}

type Ended = { code: number | null; signal: string | null; why: Why | null; tail: string };

function outcomeOf({ code, signal, why, tail }: Ended, codes: HoldInput["codes"]): Omit<Tell, "lease"> {
  if (code === 0) return { outcome: "finished" };
  if (why === "stop") return { outcome: "stopped" };
  if (why === "pause" || code === codes.away) return { outcome: "paused" };
  const failed = (reason: "crashed" | "diverged" | "out-of-memory" | "other", message: string) =>
    ({ outcome: "failed", failure: { reason, message } }) as const;
  if (code === codes.diverged) return failed("diverged", "the loss is no longer a number");
  if (code === codes.refused) return failed("other", tail);
  if (/heap out of memory|Cannot allocate memory|allocation failed/i.test(tail)) return failed("out-of-memory", tail);
  if (signal === "SIGKILL")
    return failed("out-of-memory", "the process was killed from outside, as a system does where memory is short");
  return failed("crashed", tail || `the process ended with ${signal ?? `code ${code}`}`);
}
