/**
 * The writer of a run that trains in the browser: points wait in memory, and go out in numbered batches, in order, each
 * stored once, however often a request is repeated. Nothing is kept when the tab is closed.
 */
import { isHopeless, pauseAfter, Refused } from "@/lib/sending/answers.ts";
import { metricNames } from "@/lib/sending/metric-names.ts";
import { PointBuffer } from "@/lib/sending/point-buffer.ts";
import {
  deliverBatch,
  HEARTBEAT_MS,
  registerWriter,
  type Send,
  sendFinish,
  sendHeartbeat,
} from "@/lib/sending/writer-calls.ts";
import { encodeBatch } from "@/lib/wire/points/batch.ts";
import type { RunFinish, WriterCreate } from "@/lib/wire/runs.ts";

/** Points leave so long after the first of them, in milliseconds. */
const SEND_AFTER_MS = 250;
/** What may wait for a server that is away; beyond it the newest points are counted as lost. */
const WAITING_BYTES_MAX = 64 * 1024 * 1024;

type Waiting = { bytes: Uint8Array; points: number };
/** What is wrong, null where nothing is, and how many points wait. */
export type Sending = { problem: string | null; pending: number };

export class PageWriter {
  readonly #buffer = new PointBuffer(metricNames);
  readonly #queue: Waiting[] = [];
  #sequence = 0;
  #lost = 0;
  #finish: RunFinish | null = null;
  #problem: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #wake: () => void = () => {};
  readonly #ended: Promise<boolean>;

  /** `pause`: waits so many milliseconds. `onChange` is told when what is wrong, or what waits, changes. */
  constructor(
    readonly send: Send,
    readonly run: string,
    readonly registration: WriterCreate,
    readonly onChange: (sending: Sending) => void,
    readonly pause: (ms: number) => Promise<void>,
  ) {
    this.#ended = this.#deliverAll();
  }

  log(split: "train" | "validation", step: number, metrics: Record<string, number>): void {
    if (this.#buffer.full) this.#take();
    this.#buffer.append(split, step, Date.now(), metrics);
    this.#timer ??= setTimeout(() => this.#take(), SEND_AFTER_MS);
  }

  /** Ends the run after all that was logged. Resolves to whether the server took it; waits for as long as it is away. */
  end(finish: RunFinish): Promise<boolean> {
    this.#take();
    this.#finish = finish;
    this.#wake();
    return this.#ended;
  }

  #take(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#buffer.points === 0) return;
    const { writer } = this.registration;
    this.#buffer.take((groups, points) => {
      const bytes = encodeBatch({ writer, sequence: this.#sequence + 1, groups });
      const waiting = this.#queue.reduce((sum, batch) => sum + batch.bytes.length, bytes.length);
      if (waiting > WAITING_BYTES_MAX) {
        this.#lost += points;
        return;
      }
      this.#sequence++;
      this.#queue.push({ bytes, points });
    });
    this.#wake();
  }

  async #deliverAll(): Promise<boolean> {
    const next = this.#steps();
    let failures = 0;
    for (;;) {
      try {
        const outcome = await next();
        failures = 0;
        this.#say(null);
        if (outcome !== "more") return outcome === "ended";
      } catch (error) {
        this.#say(error instanceof Error ? error.message : String(error));
        if (isOver(error)) return false;
        await this.pause(pauseAfter(error, ++failures));
      }
    }
  }

  /** Does the next thing that is to be done. What throws is done again. */
  #steps(): () => Promise<"more" | "ended"> {
    const { send, run, registration } = this;
    let isRegistered = false;
    let beatAt = Date.now();
    return async () => {
      if (!isRegistered) {
        await registerWriter(send, run, registration);
        isRegistered = true;
        return "more";
      }
      const [batch] = this.#queue;
      if (batch) {
        await this.#deliver(batch);
        this.#queue.shift();
      } else if (this.#finish) {
        await sendFinish(send, run, { ...this.#finish, writer: registration.writer, pointsLost: this.#lost });
        return "ended";
      } else if (Date.now() - beatAt >= HEARTBEAT_MS) {
        await sendHeartbeat(send, run, registration.writer, this.#lost);
        beatAt = Date.now();
      } else await this.#somethingToDo(HEARTBEAT_MS - (Date.now() - beatAt));
      return "more";
    };
  }

  async #deliver({ bytes, points }: Waiting): Promise<void> {
    try {
      await deliverBatch(this.send, this.run, bytes);
    } catch (error) {
      if (!isHopeless(error)) throw error;
      this.#lost += points;
    }
  }

  #somethingToDo(atMostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, atMostMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #say(problem: string | null): void {
    const pending = this.#queue.reduce((sum, { points }) => sum + points, this.#buffer.points);
    if (problem !== null || this.#problem !== null) this.onChange({ problem, pending });
    this.#problem = problem;
  }
}

/** The token is no more, or the run is: no waiting brings them back. What a batch is refused for is dealt with before. */
const isOver = (error: unknown): boolean => error instanceof Refused && ![403, 408, 429].includes(error.status);
