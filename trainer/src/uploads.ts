/** Files of a run on their way to the server. What can't be delivered in time waits in the spool, and goes out later. */
import { stat } from "node:fs/promises";
import { type Artifact, artifactSchema, type CheckpointCreate } from "../../lib/wire.ts";
import { backoffMs, pauseAfter, putArtifact, routeOf, say, type WriterDelivery } from "./delivery.ts";
import { json, Refused, type Sent } from "./http.ts";
import { pauseUnless, staysAlive } from "./pause.ts";
import type { WaitingUpload } from "./spool.ts";

type Content = Uint8Array | string;

/** Where files wait while they are on their way. */
export type UploadSpool = {
  /** Null where the disk doesn't take it; stderr says so. */
  keep: (upload: WaitingUpload, content: Content) => string | null;
  drop: (name: string) => void;
  /** What is kept is delivered with the points from now on. */
  leave: (name: string) => void;
};

export class Uploads {
  #waiting = new Set<Promise<unknown>>();

  constructor(
    readonly delivery: WriterDelivery,
    readonly signal: AbortSignal,
    readonly spool: UploadSpool,
  ) {}

  /** Resolves when none is on its way; a stop ends them all. */
  async settled(): Promise<void> {
    while (this.#waiting.size > 0) await Promise.allSettled(this.#waiting);
  }

  /** `content` is bytes or the path of a file. Null: not stored yet, or refused; stderr says which. Rejects for an unreadable file. */
  artifact(
    path: string,
    content: Content,
    { contentType = "application/octet-stream", timeoutMs = 60_000 } = {},
  ): Promise<Artifact | null> {
    return this.#track(() => this.#store({ path, contentType, checkpoint: null }, content, timeoutMs));
  }

  /** Declares weights, which are stored first where `content` holds them. False: not stored yet, or refused. */
  checkpoint(checkpoint: CheckpointCreate, content: Content | null): Promise<boolean> {
    return this.#track(async () => {
      if (content !== null) {
        const upload = { path: checkpoint.path, contentType: "application/octet-stream", checkpoint };
        return (await this.#store(upload, content, 60_000)) !== null;
      }
      const sending = async () => ({ ...routeOf("createCheckpoint", this.delivery.runId), ...json(checkpoint) });
      return (await this.#retry(`checkpoint ${checkpoint.path}`, sending, 60_000)) !== "later";
    });
  }

  async #store(upload: WaitingUpload, content: Content, timeoutMs: number): Promise<Artifact | null> {
    if (typeof content === "string") await stat(content);
    const bytes = typeof content === "string" ? content : content.slice(); // the caller's may change meanwhile
    const what = `artifact ${upload.path}`;
    // bytes are on disk before they are on their way: a process that dies leaves them to the next
    let kept = typeof bytes === "string" ? null : this.spool.keep(upload, bytes);
    let answer = await this.#retry(what, () => putArtifact(this.delivery.runId, upload, bytes), timeoutMs);
    if (answer !== "later" && answer !== null && upload.checkpoint) {
      const { checkpoint } = upload;
      const sending = async () => ({ ...routeOf("createCheckpoint", this.delivery.runId), ...json(checkpoint) });
      const declared = await this.#retry(`checkpoint ${upload.path}`, sending, 60_000);
      if (declared === "later" || declared === null) answer = declared;
    }
    if (answer === "later") {
      kept ??= this.spool.keep(upload, bytes);
      if (kept !== null) this.spool.leave(kept);
    } else if (kept !== null) this.spool.drop(kept);
    return answer === "later" || answer === null ? null : artifactSchema.parse(answer);
  }

  #track<T>(work: () => Promise<T>): Promise<T> {
    const upload = staysAlive(work).finally(() => this.#waiting.delete(upload));
    this.#waiting.add(upload);
    return upload;
  }

  /** The server's answer; null where it refused, `later` where it wasn't there in time. */
  async #retry(what: string, sending: () => Promise<Sent>, timeoutMs: number): Promise<unknown> {
    const until = Date.now() + timeoutMs;
    let problem = "the run isn't created yet";
    for (let failures = 1; Date.now() < until && !this.signal.aborted; failures++) {
      let wait = backoffMs(Math.min(failures, 4)); // up to 800 ms: a program may be waiting
      if (this.delivery.registered) {
        try {
          return await this.delivery.request(await sending());
        } catch (error) {
          problem = error instanceof Error ? error.message : String(error);
          if (error instanceof Refused) {
            say(`${what} of run ${this.delivery.runId} is not stored: ${problem}`);
            return null;
          }
          wait = pauseAfter(error, failures);
        }
      }
      await pauseUnless(this.signal, Math.min(wait, Math.max(until - Date.now(), 0)));
    }
    // the end of the run says how much is left in all
    if (!this.signal.aborted) say(`${what} of run ${this.delivery.runId} waits in the spool: ${problem}`);
    return "later";
  }
}
