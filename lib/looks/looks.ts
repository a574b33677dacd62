/** The ledger of looks: each opening of a test split, for ever. Nobody else writes to it. */
import { and, asc, count, desc, eq, inArray, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { locks } from "../../db/locks.ts";
import { inPieces } from "../../db/pieces.ts";
import { lookConfirmations, looks } from "../../db/schema/final.ts";
import { manifestRegistrations, manifests } from "../../db/schema/manifests.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import type { LookKind, TravellingLook } from "../wire/evaluations/looks.ts";

/** What looked: a run, and the manifest that it cites; null: none. */
export type Looker = { projectId: string; runId: string; manifestId: string | null };

/** `logged`: a client logged test numbers as ordinary metrics; the reasons are the series' keys. */
type Logged = { kind: "logged"; reasons: string[] };
/** An evaluation opened the test split for a checkpoint; the reason is what somebody wrote. */
type Opened = {
  kind: "evaluation";
  reasons: [string];
  evaluationId: string;
  checkpointId: string;
  purpose: "final" | "comparison" | "debugging";
  /** The confirmation that it uses up; null: it is within the budget. */
  confirmationId: string | null;
};

/** A member read whether a chosen run was chosen by its test number; the reason is what they wrote. */
type Picked = { kind: "pick"; reasons: [string]; confirmationId: string | null };

export async function lockLooks(tx: Executor): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${locks.looks}::bigint)`);
}

/**
 * Adds a look for each reason within the caller's transaction, so that what was seen and its look are stored together or
 * not at all.
 */
export async function recordLooks(
  tx: Executor,
  actor: Actor,
  { projectId, runId, manifestId }: Looker,
  { reasons, ...look }: Logged | Opened | Picked,
): Promise<void> {
  if (reasons.length === 0) return;
  const [manifest] = manifestId
    ? await tx.select({ testDigest: manifests.testDigest }).from(manifests).where(eq(manifests.id, manifestId))
    : [];
  const testDigest = manifest?.testDigest ?? null;
  const fresh = look.kind === "logged" ? await notImported(tx, { runId, testDigest }, reasons) : reasons;
  const rows = fresh.map((reason) => ({
    id: uuidv7(),
    projectId,
    runId,
    manifestId,
    testDigest,
    ...look,
    actor: actor.name,
    reason,
  }));
  for (const some of inPieces(rows)) await tx.insert(looks).values(some);
}

/** Without the series whose look at this very split came with the run's import, before their points did; of no split: at any. */
async function notImported(
  tx: Executor,
  { runId, testDigest }: { runId: string; testDigest: string | null },
  reasons: string[],
): Promise<string[]> {
  const rows = await tx
    .select({ reason: looks.reason })
    .from(looks)
    .where(
      and(
        eq(looks.runId, runId),
        eq(looks.kind, "logged"),
        isNotNull(looks.importedAt),
        testDigest === null ? undefined : eq(looks.testDigest, testDigest),
      ),
    );
  const imported = new Set(rows.map(({ reason }) => reason));
  return reasons.filter((reason) => !imported.has(reason));
}

/** Adds looks that were made elsewhere within the caller's transaction, and returns how many the ledger didn't have. */
export async function addImportedLooks(
  tx: Executor,
  { projectId, runId, manifestId }: Looker,
  given: TravellingLook[],
): Promise<number> {
  const importedAt = new Date();
  const used = await usedConfirmations(
    tx,
    given.flatMap(({ confirmation }) => confirmation ?? []),
  );
  const unused = (id: string | null): string | null => {
    if (id === null || used.has(id)) return null;
    used.add(id);
    return id;
  };
  const rows = given.map(({ at, look, confirmation, ...said }) => ({
    ...said,
    at: new Date(at),
    kind: look,
    // a look whose confirmation another one has is a look all the same
    confirmationId: unused(confirmation),
    projectId,
    runId,
    manifestId,
    importedAt,
  }));
  let stored = 0;
  for (const some of inPieces(rows))
    stored += (
      await tx.insert(looks).values(some).onConflictDoNothing({ target: looks.id }).returning({ id: looks.id })
    ).length;
  return stored;
}

async function usedConfirmations(tx: Executor, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.select({ id: looks.confirmationId }).from(looks).where(inArray(looks.confirmationId, ids));
  return new Set(rows.map(({ id }) => id!));
}

/** Every look of runs as it travels, by run, the oldest first. The caller knows that they may be read. */
export async function readTravellingLooks(runIds: string[]): Promise<Map<string, TravellingLook[]>> {
  const rows = await connections().db.select().from(looks).where(inArray(looks.runId, runIds)).orderBy(asc(looks.id));
  const byRun = new Map<string, TravellingLook[]>();
  for (const { id, runId, at, actor, kind, purpose, reason, testDigest, confirmationId } of rows) {
    const of = byRun.get(runId) ?? [];
    byRun.set(runId, of);
    of.push({ id, at: at.toISOString(), actor, look: kind, purpose, reason, testDigest, confirmation: confirmationId });
  }
  return byRun;
}

/** Looks by their ids: of which kind each is, and at which test split. */
export async function readLooksNamed(
  tx: Executor,
  ids: string[],
): Promise<Map<string, { kind: LookKind; testDigest: string | null }>> {
  const rows = await tx
    .select({ id: looks.id, kind: looks.kind, testDigest: looks.testDigest })
    .from(looks)
    .where(inArray(looks.id, ids));
  return new Map(rows.map(({ id, ...look }) => [id, look]));
}

/** How many looks a run has had, as the caller's transaction sees it. */
export async function countLooks(tx: Executor, runId: string): Promise<number> {
  const [row] = await tx.select({ looks: count() }).from(looks).where(eq(looks.runId, runId));
  return row!.looks;
}

/** Whether somebody read already whether a test number chose the run. */
export async function isPickRead(tx: Executor, runId: string): Promise<boolean> {
  const found = await tx
    .select({ id: looks.id })
    .from(looks)
    .where(and(eq(looks.runId, runId), eq(looks.kind, "pick")))
    .limit(1);
  return found.length > 0;
}

/** Whether anybody, of any project, looked at a test split of the project's manifests. */
export async function hasLooksAtTestsOf(tx: Executor, projectId: string): Promise<boolean> {
  const found = await tx
    .select({ id: looks.id })
    .from(looks)
    .innerJoin(manifests, eq(manifests.testDigest, looks.testDigest))
    .innerJoin(manifestRegistrations, eq(manifestRegistrations.manifestId, manifests.id))
    .where(eq(manifestRegistrations.projectId, projectId))
    .limit(1);
  return found.length > 0;
}

/** How many looks each of these test splits had, of all projects; those that had none are left out. */
export async function countLooksAt(tx: Executor, testDigests: string[]): Promise<Map<string, number>> {
  const rows = await tx
    .select({ digest: looks.testDigest, count: count() })
    .from(looks)
    .where(inArray(looks.testDigest, testDigests))
    .groupBy(looks.testDigest);
  return new Map(rows.map(({ digest, count }) => [digest!, count]));
}

/** Confirmations of a project at test splits that no look used up, the oldest first. */
export async function listConfirmed(tx: Executor, projectId: string, testDigests: string[]): Promise<string[]> {
  const rows = await tx
    .select({ id: lookConfirmations.id })
    .from(lookConfirmations)
    .leftJoin(looks, eq(looks.confirmationId, lookConfirmations.id))
    .where(
      and(
        eq(lookConfirmations.projectId, projectId),
        inArray(lookConfirmations.testDigest, testDigests),
        isNull(looks.id),
      ),
    )
    .orderBy(asc(lookConfirmations.id));
  return rows.map(({ id }) => id);
}

export type Confirmation = { projectId: string; testDigest: string; reason: string };

/** Adds an admin's word for one look within the caller's transaction. */
export async function recordConfirmation(tx: Executor, actor: Actor, confirmation: Confirmation): Promise<void> {
  await tx.insert(lookConfirmations).values({ ...confirmation, id: uuidv7(), actor: actor.name });
}

export type Look = {
  at: string;
  kind: LookKind;
  /** The evaluation that opened the split, and what for; null where none did. */
  evaluationId: string | null;
  purpose: "final" | "comparison" | "debugging" | null;
  actor: string;
  /** What `lookWords` has a sentence for. */
  reason: string;
  testDigest: string | null;
  projectId: string;
  runId: string;
  /** Whether it was past the budget, and an admin had confirmed it. */
  confirmed: boolean;
  /** Whether it came with an import. */
  imported: boolean;
};
const LISTED_MAX = 500;

/** The looks of a run of that project, the newest first, at most 500. */
export async function listLooks(actor: Actor, projectId: string, runId: string): Promise<Look[]> {
  authorise(actor, "runs.read", projectId);
  return readLooks(and(eq(looks.projectId, projectId), eq(looks.runId, runId)));
}

export type LooksAt = { count: number; looks: Look[] };

/**
 * The looks at test splits of these digests: how many, and the newest 500. A member learns of those of all projects, a
 * token of its own project's.
 */
export async function listLooksAt(actor: Actor, testDigests: string[]): Promise<LooksAt> {
  authorise(actor, "runs.read");
  const own = actor.kind === "token" && actor.projectId ? eq(looks.projectId, actor.projectId) : undefined;
  const asked = and(inArray(looks.testDigest, testDigests), own);
  const [row] = await connections().db.select({ count: count() }).from(looks).where(asked);
  return { count: row!.count, looks: row!.count > 0 ? await readLooks(asked) : [] };
}

async function readLooks(asked: SQL | undefined): Promise<Look[]> {
  const rows = await connections().db.select().from(looks).where(asked).orderBy(desc(looks.id)).limit(LISTED_MAX);
  return rows.map(
    ({ at, kind, evaluationId, purpose, actor, reason, testDigest, projectId, runId, confirmationId, importedAt }) => ({
      at: at.toISOString(),
      kind,
      evaluationId,
      purpose,
      actor,
      reason,
      testDigest,
      projectId,
      runId,
      confirmed: confirmationId !== null,
      imported: importedAt !== null,
    }),
  );
}
