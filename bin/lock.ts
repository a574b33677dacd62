/** Who serves from a data folder: `server.json`, held by the one process that runs there. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { processIdentity } from "../db/processes.ts";

export type Holder = {
  pid: number;
  /** Tells the process from a later one with the same id. */
  identity: string;
  url: string;
  /** The installation's id, as /api/health says it; null until it is known. */
  instance: string | null;
};
export type Lock = { write: (instance: string) => void; release: () => void };

/** Takes the folder, which exists, for this process, or answers who has it. A holder that is gone is replaced. */
export function takeLock(dataDir: string, url: string): Lock | Holder {
  const file = path.join(dataDir, "server.json");
  const me: Holder = { pid: process.pid, identity: processIdentity(process.pid) ?? "", url, instance: null };
  while (!createWhole(file, me)) {
    const found = readHolder(dataDir);
    if (found && isAlive(found)) return found;
    setAside(file, found);
  }
  return {
    write: (instance) => {
      const next = `${file}.${process.pid}`;
      writeFileSync(next, JSON.stringify({ ...me, instance }), { mode: 0o600 });
      renameSync(next, file);
    },
    release: () => {
      const found = readHolder(dataDir);
      if (found?.pid === me.pid && found.identity === me.identity) rmSync(file, { force: true });
    },
  };
}

/** The live process that serves from the folder, or null. */
export function findHolder(dataDir: string): Holder | null {
  const found = readHolder(dataDir);
  return found && isAlive(found) ? found : null;
}

function isAlive(holder: Holder): boolean {
  return processIdentity(holder.pid) === holder.identity;
}

function readHolder(dataDir: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path.join(dataDir, "server.json"), "utf8")) as Holder;
  } catch {
    return null;
  }
}

/** Creates the file with its content in one step, so that nobody reads half of it. False: it exists. */
function createWhole(file: string, holder: Holder): boolean {
  const whole = `${file}.${process.pid}`;
  writeFileSync(whole, JSON.stringify(holder), { mode: 0o600 });
  try {
    linkSync(whole, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(whole, { force: true });
  }
}

/** Removes a stale file; where another start replaced it meanwhile, puts that one back. */
function setAside(file: string, stale: Holder | null): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // somebody else was faster
  }
  const moved = readFileSync(aside, "utf8");
  if (moved !== JSON.stringify(stale) && stale !== null) {
    try {
      linkSync(aside, file);
    } catch {
      // a third start has the folder by now
    }
  }
  rmSync(aside, { force: true });
}

/** Whether the holder's page answers as the installation that it says it is. */
export async function answersAs(holder: Holder): Promise<boolean> {
  try {
    const answer = await fetch(new URL("/api/health", holder.url), { signal: AbortSignal.timeout(3000) });
    const health = (await answer.json()) as { instance?: string };
    return holder.instance !== null && health.instance === holder.instance;
  } catch {
    return false;
  }
}
