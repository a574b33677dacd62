/** A writer's points on their way to disk: buffered in memory, spooled as batches by a thread, then handed to delivery. */
import { metricNames } from "../../../lib/sending/metric-names.ts";
import { PointBuffer } from "../../../lib/sending/point-buffer.ts";
import type { Split } from "../../../lib/wire/base/words.ts";
import { type BatchGroup, encodeBatch } from "../../../lib/wire/points/batch.ts";
import type { DeliveryQueue, WaitingBatch } from "./delivery.ts";
import { say } from "./say.ts";
import type { WriterSpool } from "./spool.ts";
import { type DiskError, spoolThread } from "./spool-thread.ts";

/** What `kill -9` can cost, in milliseconds. Each batch costs a training some CPU: few, unless somebody looks. */
const SPOOL_AFTER_MS = 300;
const WATCHED_SPOOL_AFTER_MS = 100;
/** Where the event loop is held up and timers don't fire, `log` itself spools what is as old as this. */
const SPOOL_OVERDUE_MS = 400;

export type Metrics = Record<string, number>;

export class PointSpool {
  #buffer = new PointBuffer(metricNames);
  #bufferedSince = 0;
  #spoolTimer: NodeJS.Timeout | null = null;
  #sequence = 0;
  /** Batches that the thread has and hasn't answered for. */
  #underWay = new Set<WaitingBatch & { points: number }>();
  /** Goes up with each write that failed: the batches behind it, which would leave a gap, fail with it. */
  #generation = 0;
  #thread = spoolThread();
  #said = new Set<string>();
  readonly #folder: WriterSpool;
  readonly #bytesMax: number;
  readonly #waiting: DeliveryQueue;
  readonly #onSettled: () => void;

  /** Batches on disk are added to `waiting`, lost points counted there; `onSettled` is told after each. */
  constructor(folder: WriterSpool, bytesMax: number, waiting: DeliveryQueue, onSettled: () => void) {
    this.#folder = folder;
    this.#bytesMax = bytesMax;
    this.#waiting = waiting;
    this.#onSettled = onSettled;
  }

  /** Points that aren't on disk yet. */
  get held(): number {
    let points = this.#buffer.points;
    for (const batch of this.#underWay) points += batch.points;
    return points;
  }

  get isUnderWay(): boolean {
    return this.#underWay.size > 0;
  }

  /** `time` is that of the measurement; now, where none is given. Throws a TypeError for names and values. */
  add(split: Split | null, step: number, metrics: Metrics, time?: number): void {
    const now = Date.now();
    this.#makeRoom(now);
    this.#buffer.append(split, step, time ?? now, metrics);
  }

  /** Sees to it that what is buffered reaches the disk in time, and that the next points find room. */
  #makeRoom(now: number): void {
    if (this.#buffer.points === 0) this.#bufferedSince = now;
    else if (this.#buffer.full || now - this.#bufferedSince > SPOOL_OVERDUE_MS) {
      this.spool();
      this.#bufferedSince = now;
    }
    const delayMs = this.#waiting.watched ? WATCHED_SPOOL_AFTER_MS : SPOOL_AFTER_MS;
    this.#spoolTimer ??= setTimeout(() => this.spool(), delayMs).unref();
  }

  /** Hands what is buffered to the thread. */
  spool(): void {
    if (this.#spoolTimer) clearTimeout(this.#spoolTimer);
    this.#spoolTimer = null;
    if (this.#buffer.points === 0) return;
    this.#buffer.take((groups, points) => this.#write(groups, points));
    // in a program that never waits nobody else hears the thread
    this.#thread.collect();
  }

  /** What was logged is on disk, or lost, when this returns. */
  spoolNow(): void {
    this.spool();
    this.#thread.finish();
  }

  #write(groups: BatchGroup[], points: number): void {
    const sequence = this.#sequence + 1;
    const bytes = encodeBatch({ writer: this.#folder.writer, sequence, groups });
    let held = bytes.length;
    for (const batches of [this.#underWay, this.#waiting.batches]) for (const batch of batches) held += batch.bytes;
    if (held > this.#bytesMax) {
      this.sayOnce("full", `the spool ${this.#folder.folder} is full; the newest points are counted as lost`);
      this.#lose(points);
      return;
    }
    this.#sequence = sequence;
    const batch = { sequence, points, bytes: bytes.length };
    this.#underWay.add(batch);
    const generation = this.#generation;
    if (this.#thread.isDead) this.#thread = spoolThread();
    this.#thread.write({ ...this.#folder.batchFile(sequence), bytes, generation }, (error) => {
      this.#underWay.delete(batch);
      if (error) this.#unwritten(batch, generation, error);
      else this.#waiting.batches.push(batch);
      this.#onSettled();
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
  }

  #lose(points: number): void {
    this.#waiting.lost += points;
    this.onDisk(() => this.#folder.writeJson("lost.json", { points: this.#waiting.lost }));
  }

  /** Whether it worked. A disk that is full or gone is said once, and never reaches the training. */
  onDisk(write: () => void): boolean {
    try {
      write();
      return true;
    } catch (error) {
      this.#sayDisk(error as NodeJS.ErrnoException);
      return false;
    }
  }

  #sayDisk({ code, message }: DiskError): void {
    this.sayOnce(`disk ${code}`, `can't write to the spool: ${message}; points that don't fit are counted as lost`);
  }

  sayOnce(key: string, line: string): void {
    if (!this.#said.has(key)) say(line);
    this.#said.add(key);
  }
}
