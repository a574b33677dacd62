/**
 * Requests that a training can't begin without: sent again for a minute where the server doesn't answer. A signal ends
 * the waiting at once.
 */
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Refused, Unreachable } from "../../../lib/sending/answers.ts";
import { type OutgoingRequest, send, type Target } from "./http.ts";

const PATIENCE_MS = 60_000;
const PAUSE_MS = 1_000;

/** Attempts again for a minute while the server doesn't answer. */
export async function patiently<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
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
export const ask = (target: Target, sent: OutgoingRequest): Promise<unknown> =>
  patiently(() => send(target, sent), sent.signal);

/**
 * The bytes that the server answers with. A line that breaks is taken up where it broke, as long as the file is the same.
 * Throws as `ask` does; a minute without a further byte ends it.
 */
export async function download(target: Target, path: string, signal?: AbortSignal): Promise<Buffer> {
  const got: Got = { pieces: [], sizeBytes: 0, tag: "", sha256: null };
  for (;;) {
    const before = got.sizeBytes;
    try {
      await patiently(() => downloadOn(target, path, got, signal), signal);
      return whole(path, Buffer.concat(got.pieces), got.sha256);
    } catch (error) {
      if (!(error instanceof Unreachable) || got.sizeBytes === before || signal?.aborted) throw error;
    }
  }
}

/** What came so far; `sha256`: null where the answer doesn't say what the whole has. */
type Got = { pieces: Buffer[]; sizeBytes: number; tag: string; sha256: string | null };

/** Holdout's tag of a file is its hash; where the server led to a bucket, the file's name there is. */
function hashIn({ headers, redirected, url }: Response): string | null {
  const said = redirected ? `"${new URL(url).pathname.split("/").at(-1)}"` : (headers.get("etag") ?? "");
  return /^"([0-9a-f]{64})"$/.exec(said)?.[1] ?? null;
}

/** The bytes, where they have that hash. */
function whole(path: string, bytes: Buffer, expected: string | null): Buffer {
  const found = createHash("sha256").update(bytes).digest("hex");
  if (expected && expected !== found)
    throw new Error(`GET ${path}: its SHA-256 is ${found}, and ${expected} was stored`);
  return bytes;
}

/** Adds to `got` what it lacks. */
async function downloadOn(target: Target, path: string, got: Got, signal?: AbortSignal): Promise<void> {
  const goOn = got.sizeBytes > 0 && got.tag !== "";
  const headers = {
    authorization: `Bearer ${target.token}`,
    ...(goOn ? { range: `bytes=${got.sizeBytes}-`, "if-range": got.tag } : {}),
  };
  const away = (cause: unknown) => new Unreachable(`${target.url} doesn't answer`, null, { cause });
  const response = await fetch(target.url + path, { headers, signal: signal ?? null }).catch((cause: unknown) => {
    throw away(cause);
  });
  if (goOn && response.status === 416) return; // it broke after the last byte
  if (response.status >= 500 || response.status === 429) throw new Unreachable(`GET ${path}: ${response.status}`, null);
  if (!response.ok)
    throw new Refused(response.status, null, `GET ${path}: ${response.status} ${await response.text()}`);
  if (response.status !== 206) Object.assign(got, { pieces: [], sizeBytes: 0 });
  got.tag = response.headers.get("etag") ?? "";
  got.sha256 = hashIn(response);
  try {
    for await (const piece of response.body ?? []) {
      got.pieces.push(Buffer.from(piece as Uint8Array));
      got.sizeBytes += (piece as Uint8Array).length;
    }
  } catch (cause) {
    throw away(cause);
  }
}
