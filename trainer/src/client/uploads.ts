/** Files of a run on their way to the server. What can't be delivered in time waits in the spool, and goes out later. */
import { stat } from "node:fs/promises";
import { backoffMs, pauseAfter, Refused } from "../../../lib/sending/answers.ts";
import { type Artifact, artifactSchema } from "../../../lib/wire/artifacts.ts";
import type { CheckpointCreate } from "../../../lib/wire/checkpoints.ts";
import { putArtifact, routeOf, type WriterDelivery } from "./delivery.ts";
import { json, type OutgoingRequest } from "./http.ts";
import { pauseUnless, staysAlive } from "./pause.ts";
import { say } from "./say.ts";
import type { WaitingUpload } from "./spool.ts";

type Content = Uint8Array | string;

/** Where files wait while they are on their way. */
export type UploadSpool = {
  /** Null where the disk doesn't take it; stderr says so. */
  keep: (upload: WaitingUpload, content: Content | null) => string | null;
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
  async artifact(
    path: string,
    content: Content,
    { contentType = "application/octet-stream", timeoutMs = 60_000 } = {},
  ): Promise<Artifact | null> {
    const stored = await this.#store({ path, contentType, checkpoint: null }, content, timeoutMs);
    return stored === null ? null : artifactSchema.parse(stored);
  }

  /** Declares weights, which are stored first where `content` holds them. False: not stored yet, or refused. */
  async checkpoint(checkpoint: CheckpointCreate, content: Content | null): Promise<boolean> {
    const file = content === null ? {} : { contentType: "application/octet-stream" };
    return (await this.#store({ path: checkpoint.path, ...file, checkpoint }, content, 60_000)) !== null;
  }

  /** What the server said of the file, or of the checkpoint where there is no content to store; null: not stored. */
  #store(upload: WaitingUpload, given: Content | null, timeoutMs: number): Promise<unknown> {
    return this.#track(async () => {
      if (typeof given === "string") await stat(given);
      const content = given instanceof Uint8Array ? given.slice() : given; // the caller's may change meanwhile
      // bytes are on disk before they are on their way: a process that dies leaves them to the next
      let kept = content instanceof Uint8Array ? this.spool.keep(upload, content) : null;
      const answer = await this.#send(upload, content, timeoutMs);
      if (answer === "later") {
        kept ??= this.spool.keep(upload, content);
        if (kept !== null) this.spool.leave(kept);
        return null;
      }
      if (kept !== null) this.spool.drop(kept);
      return answer;
    });
  }

  async #send(upload: WaitingUpload, content: Content | null, timeoutMs: number): Promise<unknown> {
    const { path, checkpoint } = upload;
    let answer: unknown = null;
    if (content !== null) {
      answer = await this.#retry(
        `artifact ${path}`,
        () => putArtifact(this.delivery.runId, upload, content),
        timeoutMs,
      );
      if (checkpoint === null || answer === null || answer === "later") return answer;
    }
    const declaring = async () => ({ ...routeOf("createCheckpoint", this.delivery.runId), ...json(checkpoint) });
    const declared = await this.#retry(`checkpoint ${path}`, declaring, 60_000);
    return declared === null || declared === "later" ? declared : (answer ?? declared);
  }

  #track<T>(work: () => Promise<T>): Promise<T> {
    const upload = staysAlive(work).finally(() => this.#waiting.delete(upload));
    this.#waiting.add(upload);
    return upload;
  }

  /** The server's answer; null where it refused, `later` where it wasn't there in time. */
  async #retry(what: string, sending: () => Promise<OutgoingRequest>, timeoutMs: number): Promise<unknown> {
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
