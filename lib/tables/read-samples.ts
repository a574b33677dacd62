/** Reads a file of samples in a process of its own, which is ended when it takes too long or too much memory. */
import { type ChildProcess, spawn } from "node:child_process";
import { on } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { type ColumnRole, TableError, type TableOptions } from "../wire/alike/table-columns.ts";
import type { DatasetSamples } from "../wire/data/datasets.ts";
import type { TablePreview } from "../wire/data/table-preview.ts";
import type { ReadTask } from "./read-process.ts";
import type { TableFormat } from "./rows.ts";

export type ReadLimits = {
  /** How long it may be silent: it speaks every 10,000 rows, and a row group is read at once. */
  silentMs: number;
  /** All its memory, off JavaScript's heap too. */
  memoryBytes: number;
};
export const READ_LIMITS: ReadLimits = { silentMs: 60_000, memoryBytes: 1024 ** 3 };
/** Files that are read at a time: each may take `memoryBytes`. */
const AT_ONCE = 2;
const LOOK_MS = 200;
/** From the folder that the server is started in; the bundler would take what `fork` names for a part of the app. */
const PROGRAM = "lib/tables/read-process.ts";

type Said =
  | { kind: "alive"; rows: number }
  | { kind: "table"; remarks: string[]; roles: Record<string, ColumnRole> }
  | { kind: "preview"; preview: TablePreview }
  | { kind: "samples"; samples: DatasetSamples }
  | { kind: "end" }
  | { kind: "failed"; message: string }
  | {
      kind: "refused";
      field: string;
      detail: string;
      answer?: string;
      message: string;
      at: { row: number; line: number } | null;
    };
export type ReadPart = Extract<Said, { kind: "table" | "samples" }>;

let reading = 0;
const waiting: (() => void)[] = [];

/** What is to be known of the file, then its samples in batches. Throws `TableError`, also where a limit is passed. */
export async function* readSamplesApart(
  file: string,
  format: TableFormat,
  options: TableOptions,
  limits = READ_LIMITS,
): AsyncGenerator<ReadPart> {
  for await (const said of readApart({ kind: "samples", file, format, options }, limits))
    if (said.kind !== "preview") yield said;
}

/** What the file's columns seem to be. Throws as `readSamplesApart` does. */
export async function previewApart(
  file: string,
  format: TableFormat,
  part: boolean,
  limits = READ_LIMITS,
): Promise<TablePreview> {
  for await (const said of readApart({ kind: "preview", file, format, part }, limits))
    if (said.kind === "preview") return said.preview;
  throw new TableError("file", "the file can't be read");
}

type Told = Exclude<Said, { kind: "end" | "alive" | "failed" | "refused" }>;

async function* readApart(task: ReadTask, limits: ReadLimits): AsyncGenerator<Told> {
  while (reading >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  reading++;
  const child = start(limits);
  const watch = watchOver(child, limits);
  try {
    child.send(task);
    for await (const said of messagesOf(child)) {
      watch.heard();
      if (said.kind === "end") return;
      if (said.kind === "refused") throw new TableError(said.field, said.detail, said.at, { answer: said.answer });
      // a fault of ours, or of a file that no reader foresaw: the log says which
      if (said.kind === "failed") {
        console.error("holdout: a file of samples can't be read:", said.message);
        throw new TableError("file", "the file can't be read: it is damaged");
      }
      if (said.kind === "alive") continue;
      watch.rest();
      yield said;
      watch.heard();
      if (said.kind === "samples" && child.connected) child.send("next");
    }
    throw new TableError("file", watch.reason() ?? "the file can't be read: its reader ended before the file did");
  } finally {
    watch.end();
    child.kill("SIGKILL");
    reading--;
    waiting.shift()?.();
  }
}

/** The environment stays here: what reads strangers' bytes knows no secret. */
function start({ memoryBytes }: ReadLimits): ChildProcess {
  const heap = `--max-old-space-size=${Math.floor((memoryBytes / 1024 ** 2) * 0.75)}`;
  return spawn(process.execPath, [heap, "--import", "tsx", path.resolve(PROGRAM)], {
    env: { PATH: process.env.PATH, NODE_ENV: process.env.NODE_ENV },
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
}

/** What the process says, until it ends. */
async function* messagesOf(child: ChildProcess): AsyncGenerator<Said> {
  const ended = new AbortController();
  child.once("exit", () => ended.abort());
  child.once("error", () => ended.abort());
  try {
    for await (const [said] of on(child, "message", { signal: ended.signal })) yield said as Said;
  } catch (error) {
    if ((error as Error).name !== "AbortError") throw error;
  }
}

function watchOver(child: ChildProcess, { silentMs, memoryBytes }: ReadLimits) {
  let heardAt: number | null = Date.now();
  let reason: string | null = null;
  const stop = (why: string) => {
    reason ??= why;
    child.kill("SIGKILL");
  };
  const timer = setInterval(() => {
    if (heardAt !== null && Date.now() - heardAt > silentMs)
      stop(
        `the file can't be read: nothing of it came within ${silentMs / 1000} s; it is damaged, or its row groups are too large`,
      );
    void residentBytes(child.pid).then((bytes) => {
      if (bytes > memoryBytes)
        stop(
          `the file needs more than ${Math.round(memoryBytes / 1024 ** 2)} MiB to be read; smaller row groups or shorter rows are right`,
        );
    });
  }, LOOK_MS);
  child.once("exit", (code, signal) => {
    // V8 ends itself where its heap is full
    if (code === 134 || signal === "SIGABRT")
      reason ??= `the file needs more than ${Math.round(memoryBytes / 1024 ** 2)} MiB to be read; smaller row groups or shorter rows are right`;
  });
  return {
    heard: () => {
      heardAt = Date.now();
    },
    /** While its samples are stored it waits. */
    rest: () => {
      heardAt = null;
    },
    reason: () => reason,
    end: () => clearInterval(timer),
  };
}

/** Linux says it; elsewhere the heap's own bound holds alone. */
async function residentBytes(pid: number | undefined): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, "utf8").catch(() => "");
  return Number(statm.split(" ")[1] ?? 0) * 4096;
}
