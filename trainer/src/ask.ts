/**
 * Requests that a training can't begin without: sent again for a minute where the server doesn't answer. A signal ends
 * the waiting at once.
 */
import { setTimeout as pause } from "node:timers/promises";
import { Refused, type Sent, send, type Target, Unreachable } from "./http.ts";

const PATIENCE_MS = 60_000;
const PAUSE_MS = 1_000;

async function patiently<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Unreachable) || Date.now() > until || signal?.aborted) throw error;
      await pause(error.retryAfterMs ?? PAUSE_MS, undefined, { signal });
    }
  }
}

/** The server's answer, parsed. Throws `Refused` for a no, `Unreachable` after a minute. */
export const ask = (target: Target, sent: Sent): Promise<unknown> => patiently(() => send(target, sent), sent.signal);

/** The bytes that the server answers with. Throws as `ask` does. */
export const download = (target: Target, path: string, signal?: AbortSignal): Promise<Buffer> =>
  patiently(async () => {
    const headers = { authorization: `Bearer ${target.token}` };
    const response = await fetch(target.url + path, { headers, signal: signal ?? null }).catch((cause: unknown) => {
      throw new Unreachable(`${target.url} doesn't answer`, null, { cause });
    });
    if (response.status >= 500 || response.status === 429)
      throw new Unreachable(`GET ${path}: ${response.status}`, null);
    if (!response.ok)
      throw new Refused(response.status, null, `GET ${path}: ${response.status} ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }, signal);
