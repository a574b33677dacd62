/** One process that logs to one run: buffer, spool and delivery working together in the background. */
import { type BatchGroup, encodeBatch, type RunFinish, type Split } from "../../lib/wire.ts";
import { PointBuffer } from "./buffer.ts";
import {
  isHopeless,
  pauseAfter,
  readWaiting,
  say,
  type Waiting,
  type WaitingBatch,
  WriterDelivery,
} from "./delivery.ts";
import { Refused, type Target } from "./http.ts";
import { pauseUnless, staysAlive } from "./pause.ts";
import { listWriters, type ProcessMark, type WriterSpool } from "./spool.ts";
import { type DiskError, spoolThread } from "./spool-thread.ts";
import { Uploads } from "./uploads.ts";

/** What `kill -9` can cost, in milliseconds. */
const SPOOL_AFTER_MS = 200;
/** Where the event loop is held up and timers don't fire, `log` itself spools what is as old as this. */
const SPOOL_OVERDUE_MS = 400;
const HEARTBEAT_MS = 10_000;

type Metrics = Record<string, number>;
type Start = { creation: unknown; registration: unknown; process: ProcessMark };

export class RunWriter {
  #buffer = new PointBuffer();
  #bufferedSince = 0;
  #spoolTimer: NodeJS.Timeout | null = null;
  #heartbeatTimer: NodeJS.Timeout;
  #sequence = 0;
  /** Batches that the thread has and hasn't answered for. */
  #underWay = new Set<WaitingBatch & { points: number }>();
  /** Goes up with each write that failed: the batches behind it, which would leave a gap, fail with it. */
  #generation = 0;
  #waiting: Waiting;
  #delivery: WriterDelivery;
  #stop = new AbortController();
  #wake: () => void = () => {};
  #settled = new Set<() => void>();
  readonly #uploads: Uploads;
  #said = new Set<string>();
  #problem: string | null = null;
  #connected = false;
  #outageSaid: string | null = null;
  #end: Promise<{ delivered: boolean }> | null = null;
  #thread = spoolThread();
  #onExit = () => this.#spoolNow();

  constructor(
    target: Target,
    readonly spool: WriterSpool,
    readonly start: Start,
    readonly spoolBytesMax: number,
  ) {
    this.#waiting = { creation: start.creation, registration: start.registration, batches: [], lost: 0, finish: null };
    this.#delivery = new WriterDelivery(target, spool, this.#waiting, this.#stop.signal);
    this.#uploads = new Uploads(this.#delivery, this.#stop.signal);
    this.#onDisk(() => {
      if (start.creation) spool.writeCreation(start.creation);
      spool.writeJson("writer.json", { registration: start.registration, process: start.process });
    });
    this.#heartbeatTimer = setInterval(() => this.#heartbeat(), HEARTBEAT_MS).unref();
    process.on("exit", this.#onExit);
    void this.#deliverAll();
  }

  get uploads(): Uploads {
    return this.#uploads;
  }

  get url(): string | null {
    return this.#delivery.url;
  }

  status() {
    const onTheWay = [...this.#underWay, ...this.#waiting.batches];
    const pending = this.#buffer.points + onTheWay.reduce((sum, { points }) => sum + (points ?? 0), 0);
    return { pending, lost: this.#waiting.lost, connected: this.#connected, problem: this.#problem };
  }

  /** `names` are those of `metrics`, all checked; `now` is the time of the call, `time` that of the measurement. */
  log(split: Split | null, step: number, time: number, now: number, metrics: Metrics, names: string[]): void {
    if (names.length === 0) return;
    if (this.#end !== null) {
      this.#sayOnce("log", `run ${this.spool.runId} has ended; what is logged after that is dropped`);
      return;
    }
    this.#makeRoom(now);
    this.#buffer.append(split, step, time, metrics, names);
  }

  /** The same for metrics that were logged together lately, unchecked; false, and nothing is noted, for others. */
  logKnown(split: Split | null, step: number, time: number, now: number, metrics: Metrics): boolean {
    if (this.#end !== null) return false;
    this.#makeRoom(now);
    return this.#buffer.appendKnown(split, step, time, metrics);
  }

  /** Sees to it that what is buffered reaches the disk in time, and that the next points find room. */
  #makeRoom(now: number): void {
    if (this.#buffer.points === 0) this.#bufferedSince = now;
    else if (this.#buffer.full || now - this.#bufferedSince > SPOOL_OVERDUE_MS) {
      this.#spool();
      this.#bufferedSince = now;
    }
    this.#spoolTimer ??= setTimeout(() => this.#spool(), SPOOL_AFTER_MS).unref();
  }

  async flush(): Promise<void> {
    this.#spool();
    await staysAlive(async () => {
      const isThere = () => this.#underWay.size > 0 || this.#waiting.batches.length > 0;
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
    this.#spoolNow();
    const ending = { ...finish, writer: this.spool.writer };
    this.#onDisk(() => this.spool.writeJson("finish.json", ending));
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
    process.off("exit", this.#onExit);
    this.#stop.abort();
    this.#onDisk(() => {
      if (this.#delivery.finished) return this.spool.removeDelivered();
      // no process any more, so that this very process may resume the run
      this.spool.writeJson("writer.json", { registration: this.start.registration });
    });
    if (!this.#delivery.finished)
      say(
        `${this.status().pending} points and the end of run ${this.spool.runId} are not delivered` +
          `${this.#problem ? ` (${this.#problem})` : ""}; deliver them with: holdout-trainer sync ${this.spool.root}`,
      );
    return { delivered };
  }

  // ------------------------------------------------------------------------------------------------------- to disk

  #spool(): void {
    if (this.#spoolTimer) clearTimeout(this.#spoolTimer);
    this.#spoolTimer = null;
    if (this.#buffer.points === 0) return;
    this.#buffer.take((groups, points) => this.#spoolBatch(groups, points));
    // in a program that never waits nobody else hears the thread
    this.#thread.collect();
  }

  /** What was logged is on disk, or lost, when this returns. */
  #spoolNow(): void {
    this.#spool();
    this.#thread.finish();
  }

  #spoolBatch(groups: BatchGroup[], points: number): void {
    const sequence = this.#sequence + 1;
    const bytes = encodeBatch({ writer: this.spool.writer, sequence, groups });
    let held = bytes.length;
    for (const batches of [this.#underWay, this.#waiting.batches]) for (const batch of batches) held += batch.bytes;
    if (held > this.spoolBytesMax) {
      this.#sayOnce("full", `the spool ${this.spool.folder} is full; the newest points are counted as lost`);
      this.#lose(points);
      return;
    }
    this.#sequence = sequence;
    const batch = { sequence, points, bytes: bytes.length };
    this.#underWay.add(batch);
    const generation = this.#generation;
    if (this.#thread.isDead) this.#thread = spoolThread();
    this.#thread.write({ ...this.spool.batchFile(sequence), bytes, generation }, (error) => {
      this.#underWay.delete(batch);
      if (error) this.#unwritten(batch, generation, error);
      else this.#waiting.batches.push(batch);
      this.#wake();
    });
  }

  /** A batch that isn't on disk is lost; its number is free again. */
  #unwritten({ sequence, points }: { sequence: number; points: number }, generation: number, error: DiskError): void {
    if (generation === this.#generation) {
      this.#generation++;
      this.#sequence = sequence - 1;
    }
    this.#sayDisk(error);
    this.#lose(points);
    this.#changed();
  }

  #lose(points: number): void {
    this.#waiting.lost += points;
    this.#onDisk(() => this.spool.writeJson("lost.json", { points: this.#waiting.lost }));
  }

  /** Whether it worked. A disk that is full or gone is said once, and never reaches the training. */
  #onDisk(write: () => void): boolean {
    try {
      write();
      return true;
    } catch (error) {
      this.#sayDisk(error as NodeJS.ErrnoException);
      return false;
    }
  }

  #sayDisk({ code, message }: DiskError): void {
    this.#sayOnce(`disk ${code}`, `can't write to the spool: ${message}; points that don't fit are counted as lost`);
  }

  #sayOnce(key: string, line: string): void {
    if (!this.#said.has(key)) say(line);
    this.#said.add(key);
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
      if (all) this.#onDisk(() => spool.removeDelivered());
    }
    await this.#deliver(this.#delivery, () => this.#delivery.finished);
  }

  #onDiskRead<T>(read: () => T): T | null {
    let result: T | null = null;
    this.#onDisk(() => {
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
