/** The ledger of looks: each opening of a test split, for ever. Nobody else writes to it. */
import { and, count, desc, eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { inPieces } from "../../db/pieces.ts";
import { looks } from "../../db/schema/final.ts";
import { manifests } from "../../db/schema/manifests.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";

/** What looked: a run, and the manifest that it cites; null: none. */
export type Looker = { projectId: string; runId: string; manifestId: string | null };

/**
 * Adds a look for each reason within the caller's transaction, so that what was seen and its look are stored together or
 * not at all. `logged`: a client logged a test number as an ordinary metric.
 */
export async function recordLooks(
  tx: Executor,
  actor: Actor,
  { projectId, runId, manifestId }: Looker,
  { kind, reasons }: { kind: "logged"; reasons: string[] },
): Promise<void> {
  if (reasons.length === 0) return;
  const [manifest] = manifestId
    ? await tx.select({ testDigest: manifests.testDigest }).from(manifests).where(eq(manifests.id, manifestId))
    : [];
  const testDigest = manifest?.testDigest ?? null;
  const rows = reasons.map((reason) => ({
    id: uuidv7(),
    projectId,
    runId,
    manifestId,
    testDigest,
    kind,
    actor: actor.name,
    reason,
  }));
  for (const some of inPieces(rows)) await tx.insert(looks).values(some);
}

/** How many looks a run has had, as the caller's transaction sees it. */
export async function countLooks(tx: Executor, runId: string): Promise<number> {
  const [row] = await tx.select({ looks: count() }).from(looks).where(eq(looks.runId, runId));
  return row!.looks;
}

export type Look = { at: string; kind: "logged"; actor: string; reason: string; testDigest: string | null };

/** The looks of a run of that project, the newest first, at most 500. */
export async function listLooks(actor: Actor, projectId: string, runId: string): Promise<Look[]> {
  authorise(actor, "runs.read", projectId);
  const rows = await connections()
    .db.select()
    .from(looks)
    .where(and(eq(looks.projectId, projectId), eq(looks.runId, runId)))
    .orderBy(desc(looks.id))
    .limit(500);
  return rows.map(({ at, kind, actor, reason, testDigest }) => ({
    at: at.toISOString(),
    kind,
    actor,
    reason,
    testDigest,
  }));
}
