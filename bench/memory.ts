/** Memory of the app's process, as the system counts it. */
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 100;

/** Resident memory of the app's process, its threads included, in MiB. PostgreSQL is another process. */
export async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** Watches it until it is asked for the most that was seen. */
export function watchMemory(pid: number): () => Promise<number> {
  let most = 0;
  let ended = false;
  const watching = (async () => {
    while (!ended) {
      const now = await residentMiB(pid).catch(() => 0);
      // a process that has ended has none
      if (now > most) most = now;
      await delay(POLL_MS);
    }
  })();
  return async () => {
    ended = true;
    await watching;
    return most;
  };
}
