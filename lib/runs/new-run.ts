/** A run that is to be made: held against what its project allows, and written in the caller's transaction. */
import { createHash } from "node:crypto";
import { inArray, sql } from "drizzle-orm";
import type { PgInsertValue } from "drizzle-orm/pg-core";
import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";
import type { Executor } from "../../db/connection.ts";
import { inPieces } from "../../db/pieces.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { recordActs } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { findManifest } from "../manifests/manifests.ts";
import { ProblemError, parse } from "../problem.ts";
import { storeDeclarations } from "../projects/declarations.ts";
import { requireProject } from "../projects/projects.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import type { Project } from "../wire/projects.ts";
import { runCreateSchema } from "../wire/runs.ts";
import { lineageOf } from "./lineage.ts";
import { storeReplicateKeys, storeValues } from "./values.ts";

/** What `insertRun` writes. `hash`: of the content, so that the same creation sent again is known as such. */
export type NewRun = {
  id: string;
  project: Project;
  content: Omit<z.output<typeof runCreateSchema>, "id" | "project">;
  lineage: Awaited<ReturnType<typeof lineageOf>> | null;
  hash: Buffer;
  /** What a run that was made elsewhere has from the start: its end, its colour, its best step. */
  past?: Partial<RunRow>;
};
type RunRow = PgInsertValue<typeof runs>;

/** Holds a run against its schema, project, manifest and parent. Throws what a caller can mend. */
export async function prepareRun(actor: Actor, input: unknown): Promise<NewRun> {
  authorise(actor, "runs.log");
  const { id, project: named, ...content } = parse(runCreateSchema, input);
  const project = await requireProject(actor, named);
  authorise(actor, "runs.log", project.id);
  if (content.manifest) await requireUsable(project, content.manifest);
  const lineage = content.parent ? await lineageOf(project.id, content.parent, content.manifest) : null;
  return { id: id ?? uuidv7(), project, content, lineage, hash: hashOf(content) };
}

/** A run of a creation that was held against its schema, and cites what is usable in the project. It began as nobody's weights. */
export function newRunOf(
  project: Project,
  id: string,
  given: Omit<NewRun["content"], "parent" | "status" | "metrics">,
) {
  const { name, notes, config, seed, manifest, code } = given;
  // in the order of the schema, as a single creation is hashed
  const content: NewRun["content"] = {
    ...(name === undefined ? {} : { name }),
    notes,
    config,
    seed,
    manifest,
    parent: null,
    status: "running",
    metrics: [],
    code,
  };
  return { id, project, content, lineage: null, hash: hashOf(content) } satisfies NewRun;
}

/** Another run like a prepared one, but for what is said. Its manifest and parent are the same, and hold. */
export function runLike(
  { project, lineage, ...like }: NewRun,
  change: Pick<NewRun["content"], "name" | "config" | "seed">,
): NewRun {
  const content = { ...like.content, ...change };
  return { id: uuidv7(), project, content, lineage, hash: hashOf(content) };
}

/** A run without parent hashes as it did before there were any. */
const hashOf = (content: NewRun["content"]): Buffer =>
  createHash("sha256")
    .update(JSON.stringify({ ...content, parent: content.parent ?? undefined }))
    .digest();

/** Writes a run with its flat config. One that is there with the same content stays as it is; throws `conflict` for other content. */
export async function insertRun(tx: Executor, actor: Actor, run: NewRun): Promise<void> {
  const { id, project, hash } = run;
  if ((await insertRuns(tx, actor, project, [run])).has(id)) return;
  const [there] = await findCreated(tx, [id]);
  if (there?.projectId === project.id && there.creationHash.equals(hash)) return;
  throw new ProblemError("conflict", `a run with id ${id} is there already, with other content`, [
    { field: "id", detail: "belongs to another run; make a fresh UUID of version 7" },
  ]);
}

/** Runs that are there, and what tells whether a creation is the same. */
export async function findCreated(tx: Executor, ids: string[]) {
  const { id, projectId, creationHash, status, deletedAt } = runs;
  const rows = await tx
    .select({ id, projectId, creationHash, status, deletedAt })
    .from(runs)
    .where(inArray(runs.id, ids));
  return rows.map((row) => ({ ...row, creationHash: Buffer.from(row.creationHash) }));
}

/** Writes those runs of a project that aren't there, with their flat configs, and returns the ids of these. */
export async function insertRuns(tx: Executor, actor: Actor, project: Project, all: NewRun[]): Promise<Set<string>> {
  const names = new Map<string, string>();
  // in the order of their ids: two that bring the same runs don't wait for one another
  const rows = all.map((run) => rowOf(actor, run)).sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const some of inPieces(rows)) {
    const { id, name } = runs;
    const stored = await tx.insert(runs).values(some).onConflictDoNothing().returning({ id, name });
    for (const row of stored) names.set(row.id, row.name);
  }
  if (names.size === 0) return new Set();
  const ids = [...names.keys()];
  await storeValues(tx, ids);
  await storeReplicateKeys(tx, { runs: ids });
  const fresh = all.filter(({ id }) => names.has(id));
  await storeDeclarations(
    tx,
    project.id,
    fresh.flatMap(({ content }) => content.metrics),
    "keep",
  );
  const acts = fresh.map(({ id, content }) => ({
    action: "run.start",
    subject: `run:${id}`,
    projectId: project.id,
    detail: { name: names.get(id)!, status: content.status },
  }));
  await recordActs(tx, actor, acts);
  return new Set(ids);
}

function rowOf(actor: Actor, { id, project, content, lineage, hash, past }: NewRun): RunRow & { id: string } {
  const startedAt = content.status === "running" ? sql`now()` : null;
  return {
    id,
    projectId: project.id,
    name: content.name ?? `run-${id.slice(-6)}`,
    notes: content.notes,
    status: content.status,
    config: content.config,
    seed: content.seed,
    manifestId: content.manifest,
    ...lineage,
    code: content.code,
    creationHash: hash,
    startedAt,
    heartbeatAt: startedAt,
    createdBy: actor.name,
    ...past,
  } as RunRow & { id: string };
}

/** A run may begin while its manifest's checks run; what they find then stands beside its numbers. */
export async function requireUsable(project: Project, manifestId: string): Promise<Manifest> {
  const manifest = await findManifest(project, manifestId);
  if (!manifest)
    throw new ProblemError("invalid", `manifest: ${manifestId} is not registered in this project`, [
      { field: "manifest", detail: "is not registered in this project; POST it to /api/v1/manifests first" },
    ]);
  if (manifest.verdict === "block" && !manifest.override) {
    const detail = "its checks block it; repair it, or have a member override the block in writing on its page";
    throw new ProblemError("conflict", `manifest: ${manifest.name} can't be used: ${detail}`, [
      { field: "manifest", detail },
    ]);
  }
  return manifest;
}
