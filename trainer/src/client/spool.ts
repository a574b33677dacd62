/**
 * What waits on disk for the server: `<root>/<run>/run.json` (the creation; before.json, what comes before it), and a
 * folder for each writer with writer.json, one file a batch, two a file of the run, lost.json and finish.json. Every file is written under another name and renamed, so
 * that a reader sees it whole or not at all.
 */
import { randomUUID } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { CheckpointCreate } from "../../../lib/wire/checkpoints.ts";

/** Which process a writer belongs to. `startedAt` tells a process from a later one of the same pid. */
export type ProcessMark = { host: string; pid: number; startedAt: string | null };
/**
 * A file of the run; with `checkpoint`, weights that are declared once they are stored. Without `contentType` the file went
 * before, and is declared alone.
 */
export type WaitingUpload = { path: string; contentType?: string; checkpoint: CheckpointCreate | null };
/** A request that may be repeated. */
export type Post = { path: string; body: unknown };
export type WriterFile = "writer.json" | "lost.json" | "finish.json";

/** The spool of one writer of one run. Reading tolerates that another process delivered and removed a file. */
export class WriterSpool {
  readonly runFolder: string;
  readonly folder: string;

  constructor(
    readonly root: string,
    readonly runId: string,
    readonly writer: string,
  ) {
    this.runFolder = join(root, runId);
    this.folder = join(this.runFolder, writer);
  }

  /** Where a batch lies. */
  batchFile(sequence: number): { folder: string; name: string } {
    return { folder: this.folder, name: `${sequence}.batch` };
  }

  /** The bytes of a batch, or null if it is there no more. */
  readBatch(sequence: number): Buffer<ArrayBuffer> | null {
    return present(() => readFileSync(join(this.folder, `${sequence}.batch`)));
  }

  removeBatch(sequence: number): void {
    present(() => unlinkSync(join(this.folder, `${sequence}.batch`)));
  }

  /** Keeps a batch that the server will never take, out of the way of those that it will. Returns where. */
  setAside(name: string): string {
    const path = join(this.folder, `${name}.refused`);
    present(() => renameSync(join(this.folder, name), path));
    return path;
  }

  /** Sequences that wait, ascending. */
  sequences(): number[] {
    return entries(this.folder)
      .flatMap((name) => (/^\d+\.batch$/.test(name) ? [Number.parseInt(name, 10)] : []))
      .sort((a, b) => a - b);
  }

  sizeOf(sequence: number): number {
    return present(() => statSync(join(this.folder, `${sequence}.batch`)).size) ?? 0;
  }

  /** Keeps a file of the run: its bytes, or those of the file at a path. Returns its name here. */
  writeUpload(upload: WaitingUpload, content: Uint8Array | string | null): string {
    const name = `${Date.now()}-${randomUUID()}`;
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    if (typeof content === "string") copyFileSync(content, join(this.folder, `${name}.file`));
    else if (content !== null) writeWhole(this.folder, `${name}.file`, content);
    writeWhole(this.folder, `${name}.upload`, JSON.stringify(upload)); // last: it says that the bytes are whole
    return name;
  }

  /** Names of the files that wait, oldest first. */
  uploads(): string[] {
    return entries(this.folder)
      .flatMap((name) => (name.endsWith(".upload") ? [name.slice(0, -".upload".length)] : []))
      .sort();
  }

  /** What waits under a name, and where its bytes lie; null where it is there no more. */
  readUpload(name: string): { upload: WaitingUpload; file: string } | null {
    const upload = readJsonFile(join(this.folder, `${name}.upload`)) as WaitingUpload | null;
    return upload && { upload, file: join(this.folder, `${name}.file`) };
  }

  removeUpload(name: string): void {
    rmSync(join(this.folder, `${name}.upload`), { force: true });
    rmSync(join(this.folder, `${name}.file`), { force: true });
  }

  writeJson(name: WriterFile, value: unknown): void {
    writeWhole(this.folder, name, JSON.stringify(value));
  }

  readJson(name: WriterFile): unknown {
    return readJsonFile(join(this.folder, name));
  }

  removeJson(name: WriterFile): void {
    rmSync(join(this.folder, name), { force: true });
  }

  writeCreation(body: unknown): void {
    writeWhole(this.runFolder, "run.json", JSON.stringify(body));
  }

  /** What the server is told before the run, in this order. */
  writeBefore(posts: Post[]): void {
    writeWhole(this.runFolder, "before.json", JSON.stringify(posts));
  }

  readBefore(): Post[] {
    return (readJsonFile(join(this.runFolder, "before.json")) as Post[] | null) ?? [];
  }

  /** Whoever delivers the rest does without what came before the run, too. */
  leaveManifest(creation: unknown, registration: unknown): void {
    const file = this.readJson("writer.json") as Record<string, unknown> | null;
    this.writeCreation(creation);
    this.writeJson("writer.json", { ...file, registration });
    rmSync(join(this.runFolder, "before.json"), { force: true });
  }

  readCreation(): unknown {
    return readJsonFile(join(this.runFolder, "run.json"));
  }

  /** Removes the writer's folder, and the run's if no other writer is there. Refused files stay, and keep both. */
  removeDelivered(): void {
    if (entries(this.folder).some((name) => /\.(refused|batch|upload)$/.test(name))) return;
    rmSync(this.folder, { recursive: true, force: true });
    if (entries(this.runFolder).some((name) => name !== "run.json" && name !== "before.json")) return;
    for (const name of ["run.json", "before.json"]) rmSync(join(this.runFolder, name), { force: true });
    present(() => rmdirSync(this.runFolder));
  }

  /** Whether there still is a folder. */
  remains(): boolean {
    return existsSync(this.folder);
  }

  /** Whether the process that writes here is alive on this machine. Of another machine's nothing can be known. */
  isAlive(): boolean {
    const mark = (this.readJson("writer.json") as { process?: ProcessMark } | null)?.process;
    if (!mark || mark.host !== hostname()) return false;
    try {
      process.kill(mark.pid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    }
    return mark.startedAt === processStartedAt(mark.pid);
  }
}

const uuidName = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Every writer with a folder below `root`, of one run or of all, oldest folder first within a run. */
export function listWriters(root: string, runId?: string): WriterSpool[] {
  const runs = runId ? [runId] : entries(root).filter((name) => uuidName.test(name));
  return runs.flatMap((run) =>
    entries(join(root, run))
      .filter((name) => uuidName.test(name))
      .map((writer) => new WriterSpool(root, run, writer))
      .map((spool) => ({ spool, at: present(() => statSync(join(spool.folder, "writer.json")).mtimeMs) ?? 0 }))
      .sort((a, b) => a.at - b.at)
      .map(({ spool }) => spool),
  );
}

/** When a process of this machine started, in the kernel's clock ticks; null where there is no /proc. */
export function processStartedAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "ended" : (fields[19] ?? null); // fields 3 and 22 of proc_pid_stat(5)
  } catch {
    return null;
  }
}

function writeWhole(folder: string, name: string, content: Uint8Array | string): void {
  const temporary = join(folder, `${name}.${process.pid}.tmp`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(temporary, content, { mode: 0o600 });
    renameSync(temporary, join(folder, name));
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // the write's own error is the one that tells
    }
    throw error;
  }
}

function entries(folder: string): string[] {
  return present(() => readdirSync(folder)) ?? [];
}

function readJsonFile(path: string): unknown {
  const text = present(() => readFileSync(path, "utf8"));
  return text === null ? null : JSON.parse(text);
}

/** The result, or null where a file or folder isn't there (another process may have delivered it). */
function present<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ENOTEMPTY") return null;
    throw error;
  }
}
