/** Who serves from a data folder: `server.json`, held by the one process that runs there. */
import { createHash } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { processIdentity } from "../../db/processes.ts";

export type Holder = {
  pid: number;
  /** Tells the process from a later one with the same id. */
  identity: string;
  url: string;
  /** The installation's id, as /api/health says it; null until it is known. */
  instance: string | null;
};
export type Lock = { write: (instance: string) => void; release: () => void };

/** A server that is at its limits answers late; one that isn't there yet refuses at once. */
const ANSWER_MS = 15_000;

/** Takes the folder, which exists, for this process, or answers who has it. A holder that is gone is replaced. */
export async function takeLock(dataDir: string, url: string): Promise<Lock | Holder> {
  const file = path.join(dataDir, "server.json");
  const me: Holder = { pid: process.pid, identity: processIdentity(process.pid) ?? "", url, instance: null };
  while (!createWhole(file, me) && !replaceStale(file, me)) {
    const found = findHolder(dataDir);
    if (found) return found;
    await delay(20); // somebody else is about to replace it
  }
  return {
    write: (instance) => {
      const next = `${file}.${process.pid}`;
      writeFileSync(next, JSON.stringify({ ...me, instance }), { mode: 0o600 });
      renameSync(next, file);
    },
    release: () => {
      const found = readHolder(file);
      if (found?.pid === me.pid && found.identity === me.identity) rmSync(file, { force: true });
    },
  };
}

/** The live process that serves from the folder, or null. */
export function findHolder(dataDir: string): Holder | null {
  const found = readHolder(path.join(dataDir, "server.json"));
  return found && isAlive(found) ? found : null;
}

function isAlive(holder: Holder): boolean {
  return processIdentity(holder.pid) === holder.identity;
}

function readHolder(file: string): Holder | null {
  try {
    return JSON.parse(readText(file) ?? "") as Holder;
  } catch {
    return null;
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
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

/**
 * Puts `me` in place of a holder that is gone; false: try again. Who may do that is who first makes the file named after
 * exactly that holder, so of several at once one does. Where that one is gone too, its file names the next claim.
 */
function replaceStale(file: string, me: Holder): boolean {
  const stale = readText(file);
  if (stale === null || isHeld(stale)) return false;
  const claims: string[] = [];
  for (let gone = stale; ; ) {
    const claim = `${file}.after-${createHash("sha256").update(gone).digest("hex").slice(0, 16)}`;
    claims.push(claim);
    if (createWhole(claim, me)) break;
    const claimant = readText(claim);
    if (claimant === null || isHeld(claimant)) return false;
    gone = claimant;
  }
  // a claim made after somebody else had replaced the holder and removed theirs is void
  const isMine = readText(file) === stale;
  if (isMine) {
    const next = `${file}.${process.pid}`;
    writeFileSync(next, JSON.stringify(me), { mode: 0o600 });
    renameSync(next, file);
  }
  for (const claim of isMine ? claims : claims.slice(-1)) rmSync(claim, { force: true });
  return isMine;
}

function isHeld(text: string): boolean {
  try {
    return isAlive(JSON.parse(text) as Holder);
  } catch {
    return false;
  }
}

/** Whether the holder's page answers as the installation that it says it is. */
export async function answersAs(holder: Holder): Promise<boolean> {
  try {
    const answer = await fetch(new URL("/api/health", holder.url), { signal: AbortSignal.timeout(ANSWER_MS) });
    const health = (await answer.json()) as { instance?: string };
    return holder.instance !== null && health.instance === holder.instance;
  } catch {
    return false;
  }
}
