/** What the readers of foreign histories give: runs, and by name what they leave out. */
import { createHash } from "node:crypto";
import type { z } from "zod";
import type { Config } from "../../../lib/wire/base/config.ts";
import type { TravellingLook } from "../../../lib/wire/evaluations/looks.ts";
import type { ImportedRecord } from "../../../lib/wire/exports.ts";
import type { importedModelSchema, importedVersionSchema } from "../../../lib/wire/imports.ts";
import type { Code, RunFinish } from "../../../lib/wire/runs.ts";
import type { Series } from "./series.ts";

/** Where a history comes from. */
export const sourceKinds = ["mlflow", "tensorboard", "wandb", "neptune", "table", "holdout"] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** A run's evaluation or claim, as an export has it. */
export type RunRecord = Exclude<ImportedRecord, { kind: "override" }>;

/** A file of a run: `file` is where its bytes lie, the bytes, or what reads them; `path` its name among the run's artifacts. */
export type ImportedFile = {
  path: string;
  file: string | Uint8Array | (() => Promise<Uint8Array>);
  sizeBytes: number;
};

/** A run of another tracker in our words. */
export type ImportedRun = {
  kind: SourceKind;
  /** As the source calls it: the same run has the same, wherever its folder lies. */
  sourceId: string;
  name: string;
  notes: string;
  config: Config;
  /** Of sources that know them. A manifest that isn't usable in the project is named, and the run comes without it. */
  seed?: number | null;
  manifest?: string | null;
  /** Original id, times, user and tags, for the run's environment: the page shows them as they are. */
  facts: Record<string, string>;
  code: Partial<Code> | null;
  /** Whether somebody deleted it there, and it wasn't purged yet. */
  isDeleted: boolean;
  /** Milliseconds since 1970; null: the source doesn't say. */
  startedAt: number | null;
  /** When it ran, where the source says both, in milliseconds since 1970: the page shows and sorts by these times. */
  ran?: { startedAt: number | null; endedAt: number | null };
  /** Null: it never ended, as far as the source knows; here it is lost, as any run without a sign of life. */
  end: Pick<RunFinish, "status" | "failure" | "pointsLost"> | null;
  /** What people put on it, which takes a token that may change runs. */
  marks?: { tags: string[]; color: number | null };
  /** Its looks at test splits, of a source that keeps a ledger: they come before its points. */
  looks?: TravellingLook[];
  /** Evaluations and claims of it: there they are records. */
  records?: RunRecord[];
  series: Series[];
  files: ImportedFile[];
  /** All that the source says of the run beside points and files, word for word: kept as `import/KIND.json`. */
  original: unknown;
};

/** What is left out, and why. Units of `other` are no run, point or file of ours: a picture, a registered model, a torn end. */
export type LeftOut = { unit: "run" | "point" | "file" | "other"; count: number; where: string; why: string };

/** A registered model; `sourceRun` is the run that made a version, by its id there. */
export type ImportedModel = Pick<
  z.input<typeof importedModelSchema>,
  "name" | "description" | "tags" | "createdAt" | "aliases"
> & {
  versions: (Omit<z.input<typeof importedVersionSchema>, "run" | "runWord"> & { sourceRun: string | null })[];
};

export type Found =
  | { run: ImportedRun; leftOut: LeftOut[] }
  | { run: null; leftOut: LeftOut[]; models?: ImportedModel[] };

/** Reads a folder and changes nothing in it. Read again, it gives the same in the same order. */
export type Source = (folder: string) => AsyncGenerator<Found>;

/** All ids of imports are made in this space, so that no other use of SHA-256 makes them. */
const NAMESPACE = "holdout import 1";

/**
 * The id of an imported run: always the same for the same run of the same source in the same project. Of version 7, as
 * runs' ids are: it begins with the original start, so that runs stand in the order in which they began.
 */
export function runIdOf({ kind, sourceId, startedAt }: ImportedRun, projectId: string): string {
  const at = startedAt !== null && startedAt > 0 && startedAt < 2 ** 48 ? Math.floor(startedAt) : 0;
  const bytes = hashOf("run", kind, sourceId, projectId);
  bytes.writeUIntBE(at, 0, 6);
  return uuidOf(bytes, 7);
}

/** The id of the writer that brings a run's points: another where the points are others. */
export function writerIdOf(runId: string, { series }: Pick<ImportedRun, "series">): string {
  const points = createHash("sha256");
  for (const { split, metric, columns } of series) {
    const { steps, times, values } = columns();
    points.update(JSON.stringify([split, metric, steps.length]));
    for (const column of [steps, times, values])
      points.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return uuidOf(hashOf("writer", runId, points.digest("hex")), 8);
}

const hashOf = (...parts: string[]): Buffer =>
  createHash("sha256")
    .update(JSON.stringify([NAMESPACE, ...parts]))
    .digest();

/** RFC 9562, 4.1 and 4.2: variant and version stand in fixed bits. */
function uuidOf(hash: Buffer, version: number): string {
  hash[6] = (hash[6]! & 0x0f) | (version << 4);
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
