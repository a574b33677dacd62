/** Hands files to the thread that writes them, and hears what became of each. One thread for all runs of a process. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";

export type SpoolFile = {
  folder: string;
  name: string;
  /** Alone in their buffer, which is the thread's from then on. */
  bytes: Uint8Array;
  /** After a failure the thread writes nothing of this folder until a higher one comes. */
  generation: number;
};
export type DiskError = { code?: string; message: string };
type Settle = (error: DiskError | null) => void;
type Reply = { id: number; error: DiskError | null };

/** How long the end of a process waits for its last files. */
const SETTLE_MS = 5_000;

class SpoolThread {
  #port: MessagePort;
  /** How many files the thread is done with. */
  #done = new Int32Array(new SharedArrayBuffer(4));
  #handedOver = 0;
  #waiting = new Map<number, Settle>();
  #dead: DiskError | null = null;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const worker = new Worker(new URL("./spool-thread.mjs", import.meta.url), {
      workerData: { port: port2, done: this.#done },
      transferList: [port2],
      execArgv: [],
    });
    worker.on("error", ({ message }) => this.#die({ message: `the thread that writes the spool died: ${message}` }));
    worker.unref();
    port1.on("message", (reply: Reply) => this.#settle(reply));
    port1.unref();
  }

  get isDead(): boolean {
    return this.#dead !== null;
  }

  /** Hands the bytes over, without a copy, and returns at once; `settle` is told whether the file is there. In order. */
  write(file: SpoolFile, settle: Settle): void {
    const id = this.#handedOver++;
    this.#waiting.set(id, settle);
    if (this.#dead) this.#settle({ id, error: this.#dead });
    else this.#port.postMessage({ id, ...file }, [file.bytes.buffer as ArrayBuffer]);
  }

  /** Settles what the thread has answered so far, also where the event loop is held up. */
  collect(): void {
    for (let reply = receiveMessageOnPort(this.#port); reply; reply = receiveMessageOnPort(this.#port))
      this.#settle(reply.message as Reply);
  }

  /** Waits, with the event loop held up, until all that was handed over is settled. */
  finish(): void {
    const until = performance.now() + SETTLE_MS;
    while (this.#waiting.size > 0 && !this.#dead) {
      const done = Atomics.load(this.#done, 0);
      this.collect();
      const left = until - performance.now();
      if (left <= 0) this.#die({ message: `the spool's disk didn't answer for ${SETTLE_MS / 1000} s` });
      else if (this.#waiting.size > 0) Atomics.wait(this.#done, 0, done, left);
    }
  }

  #settle({ id, error }: Reply): void {
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    settle?.(error);
  }

  #die(error: DiskError): void {
    this.#dead = error;
    for (const id of [...this.#waiting.keys()]) this.#settle({ id, error });
  }
}

let shared: SpoolThread | null = null;

/** The thread of this process; another one where the last has died. */
export function spoolThread(): SpoolThread {
  if (!shared || shared.isDead) shared = new SpoolThread();
  return shared;
}
