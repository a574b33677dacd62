/** Runs of an import before anything is written: each is held against the contract and its project by itself. */
import { createHash } from "node:crypto";
import type { z } from "zod";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { type NewPoints, sumUp } from "../metrics/new-points.ts";
import { invalid, parse } from "../problem.ts";
import { type NewRun, newRunOf, requireUsable } from "../runs/new-run.ts";
import { type Split, splits } from "../wire/base/words.ts";
import { importedRunSchema, type SentRun } from "../wire/imports.ts";
import { type Batch, BatchFormatError, decodeBatch } from "../wire/points/batch.ts";
import type { Project } from "../wire/projects.ts";

export type HeldFile = { path: string; contentType: string; sha256: string; content: Uint8Array };

/** A run that may be stored; its points aren't read yet. */
export type HeldRun = {
  run: NewRun;
  said: z.output<typeof importedRunSchema>;
  absent: Split[];
  batches: Uint8Array[];
  files: HeldFile[];
};

/** Holds runs against a project; what many of them cite is asked for once. */
export function runHolder(actor: Actor, project: Project): (sent: SentRun) => Promise<HeldRun> {
  const usable = new Map<string, Promise<Split[]>>();
  const absentIn = (manifest: string): Promise<Split[]> => {
    const asked = usable.get(manifest) ?? requireUsable(project, manifest).then(absentOf);
    usable.set(manifest, asked);
    return asked;
  };
  return async ({ said: given, batches, files }) => {
    const said = parse(importedRunSchema, given);
    if (said.tags.length > 0 || said.color !== null) authorise(actor, "runs.update", project.id);
    const { id, ...creation } = said.run;
    return {
      run: newRunOf(project, id, creation),
      said,
      absent: creation.manifest === null ? [] : await absentIn(creation.manifest),
      batches,
      files: said.files.map(({ path, contentType }, at) => {
        const content = files[at]!;
        return { path, contentType, content, sha256: createHash("sha256").update(content).digest("hex") };
      }),
    };
  };
}

const absentOf = ({ counts }: { counts: Record<Split, number> }): Split[] =>
  splits.filter((split) => counts[split] === 0);

/** Reads the points of a run and sums them up. Throws `invalid` naming the batch that can't be taken. */
export function pointsOf({ said, batches, absent, run: { project } }: HeldRun): NewPoints {
  const { primaryMetric: metric, primarySplit: split, primaryDirection: direction } = project;
  const read = batches.map((bytes, at) => readBatch(bytes, at, said.writer.writer));
  return sumUp(read, { metric, split, direction }, absent);
}

function readBatch(bytes: Uint8Array, at: number, writer: string): Batch {
  const batch = decoded(bytes, at);
  if (batch.writer !== writer) throw invalid(`batches.${at}.writer`, `expected ${writer}, received ${batch.writer}`);
  if (batch.sequence !== at + 1)
    throw invalid(`batches.${at}.sequence`, `expected ${at + 1}, its place, received ${batch.sequence}`);
  return batch;
}

function decoded(bytes: Uint8Array, at: number): Batch {
  try {
    return decodeBatch(bytes);
  } catch (cause) {
    if (!(cause instanceof BatchFormatError)) throw cause;
    throw invalid(`batches.${at}.${cause.field}`, cause.message);
  }
}
