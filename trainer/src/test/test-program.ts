/** For tests: the trainer as a person starts it, in a folder that isn't its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const program = path.join(import.meta.dirname, "../../bin.mjs");

export type Trainer = { child: ChildProcess; said: () => string; ended: Promise<number | null> };

/** Starts it with these arguments; `said` is what it has printed so far. */
export function startTrainer(
  args: string[],
  { cwd, url, spoolDir }: Record<"cwd" | "url" | "spoolDir", string>,
): Trainer {
  let said = "";
  const env = { ...process.env, HOLDOUT_URL: url, HOLDOUT_TOKEN: "hold_test", HOLDOUT_SPOOL_DIR: spoolDir };
  const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (said += chunk));
  return { child, said: () => said, ended: once(child, "close").then(([code]) => code as number | null) };
}
