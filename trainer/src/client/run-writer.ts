/** One process that logs to one run: buffer, spool and delivery working together in the background. */
import { setMaxListeners } from "node:events";
import { isHopeless, pauseAfter, Refused } from "../../../lib/sending/answers.ts";
import { metricNames } from "../../../lib/sending/metric-names.ts";
import { HEARTBEAT_MS } from "../../../lib/sending/writer-calls.ts";
import type { Split } from "../../../lib/wire/base/words.ts";
import type { RunFinish } from "../../../lib/wire/runs.ts";
import { type DeliveryQueue, readWaiting, WriterDelivery } from "./delivery.ts";
import type { Target } from "./http.ts";
import { pauseUnless, staysAlive } from "./pause.ts";
import { type Metrics, PointSpool } from "./point-spool.ts";
import { say } from "./say.ts";
import { listWriters, type Post, type ProcessMark, type WriterSpool } from "./spool.ts";
import { Uploads } from "./uploads.ts";

/** Of this process, however many: what they hold in memory is on disk before it ends. */
const open = new Set<RunWriter>();
process.on("exit", () => {
  for (const writer of open) writer.settle();
});

type WriterStart = { creation: unknown; before: Post[]; registration: unknown; process: ProcessMark };

export class RunWriter {
  #points: PointSpool;
  #heartbeatTimer: NodeJS.Timeout;
  #waiting: DeliveryQueue;
  #delivery: WriterDelivery;
  #stop = new AbortController();
  #wake: () => void = () => {};
  #settled = new Set<() => void>();
  readonly #uploads: Uploads;
  #problem: string | null = null;
  #connected = false;
  #outageSaid: string | null = null;
  #end: Promise<{ delivered: boolean }> | null = null;

  constructor(
    target: Target,
    readonly spool: WriterSpool,
    readonly start: WriterStart,
    spoolBytesMax: number,
  ) {
    this.#waiting = {
      creation: start.creation,
      registration: start.registration,
      batches: [],
      uploads: [],
      lost: 0,
      watched: false,
      finish: null,
    };
    setMaxListeners(0, this.#stop.signal); // each file on its way listens
    this.#delivery = new WriterDelivery(target, spool, this.#waiting, this.#stop.signal);
    this.#uploads = new Uploads(this.#delivery, this.#stop.signal, {
      keep: (upload, content) => this.#onDiskRead(() => spool.writeUpload(upload, content)),
      drop: (name) => this.#points.onDisk(() => spool.removeUpload(name)),
      leave: (name) => {
        this.#waiting.uploads.push(name);
        this.#wake();
      },
    });
    this.#points = new PointSpool(spool, spoolBytesMax, this.#waiting, () => {
      this.#wake();
      this.#changed();
    });
    this.#points.onDisk(() => {
      if (start.before.length > 0) spool.writeBefore(start.before);
      if (start.creation) spool.writeCreation(start.creation);
      spool.writeJson("writer.json", { registration: start.registration, process: start.process });
    });
    this.#heartbeatTimer = setInterval(() => this.#heartbeat(), HEARTBEAT_MS).unref();
    open.add(this);
    void this.#deliverAll();
  }

  get uploads(): Uploads {
    return this.#uploads;
  }

  get url(): string | null {
    return this.#delivery.url;
  }

  status() {
    const pending = this.#waiting.batches.reduce((sum, { points }) => sum + (points ?? 0), this.#points.held);
    return { pending, lost: this.#waiting.lost, connected: this.#connected, problem: this.#problem };
  }

  /** The caller has checked split, step and `time`, which is that of the call where none is given. */
  log(split: Split | null, step: number, metrics: Metrics, time?: number): void {
    if (this.#end === null) this.#points.add(split, step, metrics, time);
    else if (metricNames(metrics).length > 0)
      this.#points.sayOnce("log", `run ${this.spool.runId} has ended; what is logged after that is dropped`);
  }

  /** What was logged is on disk, or counted as lost, when this returns. */
  settle(): void {
    this.#points.spoolNow();
  }

  async flush(): Promise<void> {
    this.#points.spool();
    await staysAlive(async () => {
      const isThere = () => this.#points.isUnderWay || this.#waiting.batches.length > 0;
      while (isThere() && !this.#stop.signal.aborted) await this.#nextChange();
    });
  }

  /** Ends the run once; a second call gives the first one's outcome. */
  end(finish: RunFinish, timeoutMs = 60_000): Promise<{ delivered: boolean }> {
    this.#end ??= staysAlive(() => this.#finish(finish, timeoutMs));
    return this.#end;
  }

  async #finish(finish: RunFinish, timeoutMs: number): Promise<{ delivered: boolean }> {
    const timer = setTimeout(() => this.#stop.abort(), timeoutMs);
    this.#stop.signal.addEventListener("abort", () => this.#changed());
    this.#points.spoolNow();
    const ending = { ...finish, writer: this.spool.writer };
    this.#points.onDisk(() => this.spool.writeJson("finish.json", ending));
    await this.#uploads.settled();
    this.#waiting.finish = ending;
    this.#wake();
    while (!this.#delivery.finished && !this.#stop.signal.aborted) await this.#nextChange();
    clearTimeout(timer);
    return this.#close();
  }

  #close(): { delivered: boolean } {
    const delivered = this.#delivery.finished && !this.#delivery.endRefused;
    clearInterval(this.#heartbeatTimer);
    open.delete(this);
    this.#stop.abort();
    this.#points.onDisk(() => {
      if (this.#delivery.finished) return this.spool.removeDelivered();
      // no process any more, so that this very process may resume the run
      this.spool.writeJson("writer.json", { registration: this.#waiting.registration });
    });
    if (!this.#delivery.finished)
      say(
        `${this.#undelivered()} and the end of run ${this.spool.runId} are not delivered` +
          `${this.#problem ? ` (${this.#problem})` : ""}; deliver them with: holdout sync ${this.spool.root}`,
      );
    return { delivered };
  }

  #undelivered(): string {
    const files = this.#waiting.uploads.length;
    return `${this.status().pending} points${files > 0 ? `, ${files} ${files === 1 ? "file" : "files"}` : ""}`;
  }

  // --------------------------------------------------------------------------------------------------- to the server

  async #deliverAll(): Promise<void> {
    for (const spool of this.#onDiskRead(() => listWriters(this.spool.root, this.spool.runId)) ?? []) {
      if (spool.writer === this.spool.writer || spool.isAlive()) continue;
      const waiting = readWaiting(spool);
      if (!waiting) continue;
      const earlier = new WriterDelivery(this.#delivery.target, spool, waiting, this.#stop.signal);
      const all = await this.#deliver(earlier, () => true);
      if (this.#stop.signal.aborted) return;
      if (all) this.#points.onDisk(() => spool.removeDelivered());
    }
    await this.#deliver(this.#delivery, () => this.#delivery.finished);
  }

  #onDiskRead<T>(read: () => T): T | null {
    let result: T | null = null;
    this.#points.onDisk(() => {
      result = read();
    });
    return result;
  }

  /**
   * Works until stopped, or until nothing is left to do and `done` says so: only then true. An earlier process's writer
   * that the server will never take is left where it is: this one's points must not wait for it.
   */
  async #deliver(delivery: WriterDelivery, done: () => boolean): Promise<boolean> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        const worked = await delivery.advance();
        failures = 0;
        this.#answered();
        if (worked || !delivery.idle) continue;
        if (done()) {
          await delivery.tellLost();
          return true;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } catch (error) {
        if (this.#stop.signal.aborted) return false;
        if (delivery !== this.#delivery && isHopeless(error)) {
          say(`what an earlier process left in ${delivery.spool.folder} stays there: ${error.message}`);
          return false;
        }
        failures++;
        this.#failed(error, failures);
        await pauseUnless(this.#stop.signal, pauseAfter(error, failures));
      }
    }
    return false;
  }

  #answered(): void {
    if (this.#outageSaid) say(`${this.#delivery.target.url} takes points again`);
    this.#outageSaid = null;
    this.#connected = true;
    this.#problem = null;
    this.#changed();
  }

  /** Says a refusal at once, and an outage when it isn't over after three attempts; each once. */
  #failed(error: unknown, failures: number): void {
    this.#connected = false;
    this.#problem = error instanceof Error ? error.message : String(error);
    const refused = error instanceof Refused;
    if (refused ? this.#outageSaid === this.#problem : this.#outageSaid || failures < 3) return;
    this.#outageSaid = this.#problem;
    say(
      `${this.#problem}; points wait in ${this.spool.folder}, and go out ${refused ? "once that is mended" : "later"}`,
    );
  }

  #heartbeat(): void {
    if (!this.#delivery.registered || this.#end !== null) return;
    this.#delivery.heartbeat().catch((error: unknown) => {
      if (error instanceof Refused) this.#problem = error.message; // delivery says what else goes wrong
    });
  }

  // ------------------------------------------------------------------------------------------------------- waiting

  #changed(): void {
    for (const resolve of this.#settled) resolve();
    this.#settled.clear();
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => this.#settled.add(resolve));
  }
}
