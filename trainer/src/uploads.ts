/** Files of a run on their way to the server, each tried until it is stored, refused, or out of time. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { type Artifact, artifactSchema, type CheckpointCreate } from "../../lib/wire.ts";
import { backoffMs, pauseAfter, routeOf, say, type WriterDelivery } from "./delivery.ts";
import { json, Refused, type Sent } from "./http.ts";
import { pauseUnless, staysAlive } from "./pause.ts";

export class Uploads {
  #waiting = new Set<Promise<unknown>>();

  constructor(
    readonly delivery: WriterDelivery,
    readonly signal: AbortSignal,
  ) {}

  /** Resolves when none is on its way; a stop ends them all. */
  async settled(): Promise<void> {
    while (this.#waiting.size > 0) await Promise.allSettled(this.#waiting);
  }

  /** `content` is bytes or the path of a file. Null: not stored, and stderr says why. Rejects for an unreadable file. */
  artifact(
    path: string,
    content: Uint8Array | string,
    { contentType = "application/octet-stream", timeoutMs = 60_000 } = {},
  ): Promise<Artifact | null> {
    return this.#track(async () => {
      const sizeBytes = typeof content === "string" ? (await stat(content)).size : content.length;
      const sha256 = await hashOf(content);
      const { method, path: route } = routeOf("putArtifact", this.delivery.runId);
      const sending = (): Sent => ({
        method,
        path: route.replace("{path}", () => path.split("/").map(encodeURIComponent).join("/")),
        body: typeof content === "string" ? createReadStream(content) : content.slice(),
        contentType,
        headers: { "x-content-sha256": sha256 },
        timeoutMs: 15_000 + sizeBytes / 100, // a line of 100 kB/s is still a line
      });
      const answer = await this.#retry(`artifact ${path}`, sending, timeoutMs);
      return answer === null ? null : artifactSchema.parse(answer);
    });
  }

  /** False: not stored, and stderr says why. */
  checkpoint(checkpoint: CheckpointCreate): Promise<boolean> {
    const sending = () => ({ ...routeOf("createCheckpoint", this.delivery.runId), ...json(checkpoint) });
    return this.#track(async () => (await this.#retry(`checkpoint ${checkpoint.path}`, sending, 60_000)) !== null);
  }

  #track<T>(work: () => Promise<T>): Promise<T> {
    const upload = staysAlive(work).finally(() => this.#waiting.delete(upload));
    this.#waiting.add(upload);
    return upload;
  }

  async #retry(what: string, sending: () => Sent, timeoutMs: number): Promise<unknown> {
    const until = Date.now() + timeoutMs;
    let problem = "the run isn't created yet";
    for (let failures = 1; Date.now() < until && !this.signal.aborted; failures++) {
      let wait = backoffMs(Math.min(failures, 4)); // up to 800 ms: a program may be waiting
      if (this.delivery.registered) {
        try {
          return await this.delivery.request(sending());
        } catch (error) {
          problem = error instanceof Error ? error.message : String(error);
          if (error instanceof Refused) break;
          wait = pauseAfter(error, failures);
        }
      }
      await pauseUnless(this.signal, Math.min(wait, Math.max(until - Date.now(), 0)));
    }
    say(`${what} of run ${this.delivery.runId} is not stored: ${problem}`);
    return null;
  }
}

async function hashOf(content: Uint8Array | string): Promise<string> {
  const hash = createHash("sha256");
  if (typeof content === "string") await pipeline(createReadStream(content), hash);
  else hash.update(content);
  return hash.digest("hex");
}
