/** A run that is to be made: held against what its project allows, and written in the caller's transaction. */
import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";
import type { Executor } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { findManifest } from "../manifests/manifests.ts";
import { ProblemError, parse } from "../problem.ts";
import { storeDeclarations } from "../projects/declarations.ts";
import { requireProject } from "../projects/projects.ts";
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
};

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
  const { id, project, content, lineage, hash } = run;
  const startedAt = content.status === "running" ? sql`now()` : null;
  const [created] = await tx
    .insert(runs)
    .values({
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
    })
    .onConflictDoNothing()
    .returning();
  if (!created) {
    const [there] = await tx.select().from(runs).where(eq(runs.id, id));
    if (there?.projectId === project.id && Buffer.from(there.creationHash).equals(hash)) return;
    throw new ProblemError("conflict", `a run with id ${id} is there already, with other content`, [
      { field: "id", detail: "belongs to another run; make a fresh UUID of version 7" },
    ]);
  }
  await storeValues(tx, id);
  await storeReplicateKeys(tx, { run: id });
  await storeDeclarations(tx, project.id, content.metrics, "keep");
  const detail = { name: created.name, status: created.status };
  await recordAct(tx, actor, { action: "run.start", subject: `run:${id}`, projectId: project.id, detail });
}

/** A run may begin while its manifest's checks run; what they find then stands beside its numbers. */
async function requireUsable(project: Project, manifestId: string): Promise<void> {
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
}
