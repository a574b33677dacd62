/**
 * W&B's own folders, offline or synced: `wandb/offline-run-…/run-ID.wandb` with what lies in `files/` beside it. Files of one
 * run (it was resumed) are read in the order of their folders' names.
 */
import { stat } from "node:fs/promises";
import path from "node:path";
import type { Found } from "../imported.ts";
import { filesBelow } from "../walk.ts";
import { readWandbRun } from "./run.ts";

const LOG = /^run-(.+)\.wandb$/;
const OLD = /^wandb-(history|events)\.jsonl$/;

export async function* readWandb(place: string): AsyncGenerator<Found> {
  const isFile = (await stat(place).catch(() => null))?.isFile() ?? false;
  const root = isFile ? path.dirname(place) : place;
  const files = isFile ? [path.basename(place)] : (await filesBelow(place)).files;
  const runs = new Map<string, string[]>();
  for (const file of files) {
    const id = isFile ? file : LOG.exec(path.posix.basename(file))?.[1];
    if (id !== undefined) runs.set(id, [...(runs.get(id) ?? []), file]);
  }
  const old = files.filter((file) => OLD.test(path.posix.basename(file)));
  if (runs.size === 0 && old.length === 0)
    throw new Error(`${place}: no runs of W&B; their files are called run-ID.wandb`);
  for (const logs of runs.values()) yield await readWandbRun(root, logs);
  const why = "a history of W&B before 0.10: import jsonl takes it as a table";
  if (old.length > 0)
    yield { run: null, leftOut: old.map((where) => ({ unit: "other" as const, count: 1, where, why })) };
}
