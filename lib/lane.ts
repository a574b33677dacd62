/** Work on foreign input in a thread: nobody else waits for it, one is done at a time, and one that takes too long is ended. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Transferable, Worker } from "node:worker_threads";

type LaneOptions = {
  /** The thread's file, from the folder that the app runs in: it answers each message with one. */
  program: string;
  heapMb: number;
  deadlineMs: number;
  /** After so long without work the thread ends, and what it holds in memory with it; null: it stays. */
  idleMs: number | null;
};

/** Why work was ended. */
export type LaneEnd = "late" | "memory" | "died";
export class LaneError extends Error {
  override name = "LaneError";
  constructor(
    readonly end: LaneEnd,
    options?: ErrorOptions,
  ) {
    super(`work in a thread was ended: ${end}`, options);
  }
}

type Task = {
  message: unknown;
  transfer: Transferable[];
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
};

export class Lane<Message, Answer> {
  private worker: Worker | null = null;
  private waiting: Task[] = [];
  private now: Task | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: LaneOptions) {}

  /** Rejects with `LaneError` where the thread was ended; the next message gets a fresh one. */
  ask(message: Message, transfer: Transferable[] = []): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ message, transfer, resolve: resolve as Task["resolve"], reject });
      this.begin();
    });
  }

  private begin(): void {
    if (this.now) return;
    this.stopTimer();
    const task = this.waiting.shift();
    if (!task) {
      this.rest();
      return;
    }
    this.now = task;
    this.worker ??= this.start();
    // the thread keeps no process alive but while somebody waits for it
    this.worker.ref();
    this.timer = setTimeout(() => this.end(new LaneError("late")), this.options.deadlineMs);
    this.worker.postMessage(task.message, task.transfer);
  }

  private rest(): void {
    this.worker?.unref();
    if (this.options.idleMs === null || !this.worker) return;
    this.timer = setTimeout(() => {
      void this.worker?.terminate();
      this.worker = null;
    }, this.options.idleMs).unref();
  }

  private start(): Worker {
    // the thread's file is named as data: the bundler would take it, and tsx with it, for a part of the app
    const worker = new Worker('import(require("node:worker_threads").workerData.program)', {
      eval: true,
      workerData: { program: pathToFileURL(path.join(process.cwd(), this.options.program)).href },
      resourceLimits: { maxOldGenerationSizeMb: this.options.heapMb },
      execArgv: [],
    });
    worker.on("message", (answer: Answer) => {
      const task = this.finish();
      task?.resolve(answer);
      this.begin();
    });
    worker.on("error", (cause: Error & { code?: string }) => {
      if (this.worker === worker)
        this.end(new LaneError(cause.code === "ERR_WORKER_OUT_OF_MEMORY" ? "memory" : "died", { cause }));
    });
    return worker;
  }

  private finish(): Task | null {
    this.stopTimer();
    const task = this.now;
    this.now = null;
    return task;
  }

  private stopTimer(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Ends the thread and what it is at. */
  private end(error: LaneError): void {
    const { worker } = this;
    this.worker = null;
    void worker?.terminate();
    this.finish()?.reject(error);
    this.begin();
  }
}

/** The lane of that name: one a process, however often a bundler loads the module that asks for it. */
export function sharedLane<Message, Answer>(name: string, options: LaneOptions): Lane<Message, Answer> {
  const shared = globalThis as { holdoutLanes?: Map<string, Lane<unknown, unknown>> };
  shared.holdoutLanes ??= new Map();
  const lane = shared.holdoutLanes.get(name) ?? new Lane<unknown, unknown>(options);
  shared.holdoutLanes.set(name, lane);
  return lane as Lane<Message, Answer>;
}
