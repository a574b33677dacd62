/** What a start that was killed leaves behind on a PostgreSQL data folder: servers without a master, stale lock files. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { postgresProcessesOn } from "../processes.ts";
import { Refusal } from "../refusal.ts";

/** How long each signal gets: a fast shutdown writes a checkpoint, an immediate one doesn't. */
const persuasions: { signal: NodeJS.Signals; seconds: number }[] = [
  { signal: "SIGINT", seconds: 60 },
  { signal: "SIGQUIT", seconds: 10 },
  { signal: "SIGKILL", seconds: 10 },
];

/**
 * Leaves nobody running on `dataFolder`, and no lock file whose process isn't a PostgreSQL on it. The caller holds the
 * launcher's lock, so a server that runs here belongs to a start that is gone.
 */
export async function clearLeftovers(
  dataFolder: string,
  socketFile: string,
  say: (line: string) => void,
): Promise<void> {
  const lockFile = path.join(dataFolder, "postmaster.pid");
  const master = existsSync(lockFile) ? Number(readFileSync(lockFile, "utf8").split("\n")[0]) : 0;
  await stopOrphans(dataFolder, master, say);
  if (existsSync(lockFile) && isTaken(master)) {
    // the id is a zombie's or a stranger's, which PostgreSQL takes for a server that runs; a free id it judges itself
    rmSync(lockFile);
    say(`Removed a stale lock file: process ${master} is no PostgreSQL on this data folder.`);
  }
  rmSync(`${socketFile}.lock`, { force: true });
  rmSync(socketFile, { force: true });
}

async function stopOrphans(dataFolder: string, master: number, say: (line: string) => void): Promise<void> {
  // backends whose master was killed notice it and go by themselves
  if (!postgresProcessesOn(dataFolder).includes(master) && (await allGone(dataFolder, 5))) return;
  say("PostgreSQL still runs from an earlier start that was killed; stopping it.");
  for (const { signal, seconds } of persuasions) {
    const left = postgresProcessesOn(dataFolder);
    for (const pid of left.includes(master) && signal !== "SIGKILL" ? [master] : left) sendSignal(pid, signal);
    if (await allGone(dataFolder, seconds)) return;
  }
  throw new Refusal(
    `PostgreSQL (process ${postgresProcessesOn(dataFolder).join(", ")}) on ${dataFolder} doesn't stop; stop it by hand`,
  );
}

async function allGone(dataFolder: string, seconds: number): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (postgresProcessesOn(dataFolder).length > 0) {
    if (Date.now() > deadline) return false;
    await delay(50);
  }
  return true;
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
