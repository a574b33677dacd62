/**
 * The thread that writes batches to disk, so that a training never waits for it. Plain JavaScript, as a thread doesn't
 * inherit what reads TypeScript. Each file is written under another name and renamed: it is there whole or not at all.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { workerData } from "node:worker_threads";

const { port, done } = workerData;
// on Linux this is the thread alone: woken, it would else take the training's core from it
if (process.platform === "linux") setPriority(0, constants.priority.PRIORITY_LOW);

/** By folder the generation in which a write failed: what was handed over behind it would leave a gap. */
const failed = new Map();

port.on("message", ({ id, folder, name, generation, bytes }) => {
  let error = failed.get(folder)?.generation === generation ? failed.get(folder).error : null;
  if (!error) {
    error = write(folder, name, bytes);
    if (error) failed.set(folder, { generation, error });
  }
  port.postMessage({ id, error });
  Atomics.add(done, 0, 1);
  Atomics.notify(done, 0);
});

function write(folder, name, bytes) {
  const temporary = join(folder, `${name}.${process.pid}.tmp`);
  try {
    writeInto(folder, temporary, bytes);
    renameSync(temporary, join(folder, name));
    return null;
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // the write's own error is the one that tells
    }
    return { code: error.code, message: error.message };
  }
}

function writeInto(folder, path, bytes) {
  try {
    writeFileSync(path, bytes, { mode: 0o600 });
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path, bytes, { mode: 0o600 });
  }
}
