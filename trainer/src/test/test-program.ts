/** For tests: the trainer as a process of its own, in a folder that isn't its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { BUILT_TRAINER } from "./test-build.ts";

/** What a person starts. */
const asInstalled = path.join(import.meta.dirname, "../../bin.mjs");

export type Trainer = { child: ChildProcess; said: () => string; ended: Promise<number | null> };

type Place = { cwd: string; url: string; spoolDir: string };

/** Starts the sources as they were built for this test run; `said` is what it has printed so far. */
export const startTrainer = (args: string[], place: Place): Trainer =>
  launch(process.env[BUILT_TRAINER] ?? asInstalled, args, place);

/** Starts it as a person does. */
export const startInstalledTrainer = (args: string[], place: Place): Trainer => launch(asInstalled, args, place);

function launch(program: string, args: string[], { cwd, url, spoolDir }: Place): Trainer {
  let said = "";
  const env = { ...process.env, HOLDOUT_URL: url, HOLDOUT_TOKEN: "hold_test", HOLDOUT_SPOOL_DIR: spoolDir };
  const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (said += chunk));
  return { child, said: () => said, ended: once(child, "close").then(([code]) => code as number | null) };
}
