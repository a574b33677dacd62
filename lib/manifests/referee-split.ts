/** Referee splits: drawn out of a manifest's validation before anybody trains on it, by the one split algorithm. */
import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { refereeSplits } from "../../db/schema/manifests.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { requireStill } from "../access/standing.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { makeSplit, UNDECIDED, VALIDATION } from "../splitting/split.ts";
import { SampleNames, Units } from "../splitting/units.ts";
import { MANIFEST_SAMPLES_MAX } from "../wire/base/words.ts";
import { splitOptionsSchema } from "../wire/data/manifests.ts";
import { type RefereeSplit, refereeSplitCreateSchema } from "../wire/data/referee-splits.ts";
import { requireManifest } from "./manifests.ts";

export type RefereeSplitRow = typeof refereeSplits.$inferSelect;
type Row = { key: string; group: string | null; hash: string; isLabelled: boolean };

/**
 * Draws a manifest's referee split and writes it down for good; the same asked again returns it. Throws `conflict` where a run
 * cites the manifest, as it may have validated on these samples, and `invalid` where a side would be empty.
 */
export async function registerRefereeSplit(
  actor: Actor,
  projectNamed: string | undefined,
  manifestId: string,
  input: unknown,
): Promise<RefereeSplit> {
  const { project, number } = await requireManifest(actor, projectNamed, manifestId);
  authorise(actor, "manifests.register", project.id);
  const { seed, share } = parse(refereeSplitCreateSchema, input);
  const { db } = connections();
  const there = await findRefereeSplit(db, project.id, manifestId);
  if (there?.seed === seed && there.share === share) return toSplit(there, await readRows(number));
  if (there) throw refuse("has a referee split already, which stands: a loop was or may be ruled by it");
  const rows = await readRows(number);
  const members = draw(rows, { seed, share });
  const chosen = rows.filter((_, at) => members[at] === 1);
  if (chosen.length === 0 || chosen.length === rows.length)
    throw invalid("share", `${share} of ${rows.length} validation samples, groups whole, leaves one side empty`);
  const hash = createHash("sha256");
  for (const { key } of chosen) hash.update(`${key}\n`);
  await db.transaction(async (tx) => {
    await requireStill(tx, actor, "manifests.register", project.id);
    const [citing] = await tx
      .select({ name: runs.name })
      .from(runs)
      .where(and(eq(runs.projectId, project.id), eq(runs.manifestId, manifestId)))
      .limit(1);
    if (citing) throw refuse(`is cited by ${citing.name} already, which may have validated on any of its samples`);
    const [made] = await tx
      .insert(refereeSplits)
      .values({
        projectId: project.id,
        manifestId,
        seed,
        share,
        samples: chosen.length,
        digest: hash.digest("hex"),
        members: Buffer.from(members),
        isSealed: chosen.every(({ isLabelled }) => !isLabelled),
        registeredBy: actor.name,
      })
      .onConflictDoNothing()
      .returning();
    if (!made) throw refuse("was given a referee split a moment ago");
    const detail = { seed, share, samples: chosen.length };
    const subject = `manifest:${manifestId}`;
    await recordAct(tx, actor, { action: "manifest.referee-split", subject, projectId: project.id, detail });
  });
  return getRefereeSplit(actor, project.id, manifestId);
}

const refuse = (why: string) =>
  new ProblemError("conflict", `manifest: it ${why}`, [{ field: "manifest", detail: `it ${why}` }]);

/** A manifest's referee split with its keys. Throws `not-found` where it has none. */
export async function getRefereeSplit(
  actor: Actor,
  projectNamed: string | undefined,
  manifestId: string,
): Promise<RefereeSplit> {
  const { project, number } = await requireManifest(actor, projectNamed, manifestId);
  const row = await findRefereeSplit(connections().db, project.id, manifestId);
  if (!row) throw new ProblemError("not-found", "the manifest has no referee split");
  return toSplit(row, await readRows(number));
}

/** A manifest's referee split without its keys; null where it has none. */
export async function readRefereeSplit(
  actor: Actor,
  projectId: string,
  manifestId: string,
): Promise<Omit<RefereeSplit, "keys"> | null> {
  const { project } = await requireManifest(actor, projectId, manifestId);
  const row = await findRefereeSplit(connections().db, project.id, manifestId);
  return row && factsOf(row);
}

export async function findRefereeSplit(
  db: Executor,
  projectId: string,
  manifestId: string,
): Promise<RefereeSplitRow | null> {
  const [row] = await db
    .select()
    .from(refereeSplits)
    .where(and(eq(refereeSplits.projectId, projectId), eq(refereeSplits.manifestId, manifestId)));
  return row ?? null;
}

/** The samples of validation in the order of the keys' bytes. */
async function readRows(manifestNumber: number): Promise<Row[]> {
  const rows = await connections().sql<Row[]>`
    select key, "group", encode(content_hash, 'hex') as hash, label is not null as "isLabelled" from manifest_samples
    where manifest_number = ${manifestNumber} and split = 'validation' order by key limit ${MANIFEST_SAMPLES_MAX + 1}`;
  if (rows.length <= MANIFEST_SAMPLES_MAX) return rows;
  throw refuse(`has more than ${MANIFEST_SAMPLES_MAX} validation samples, out of which none is drawn`);
}

/** By sample 1 for the referee's, else 0: what shares a group or a content goes together. */
function draw(rows: Row[], { seed, share }: { seed: number; share: number }): Uint8Array {
  const names = new SampleNames(rows.length);
  const units = new Units(rows.length);
  const firsts = new Map<string, number>();
  for (const [at, { group, hash }] of rows.entries()) {
    names.add(
      createHash("sha256")
        .update(`${seed}\u001f${group ?? hash}`)
        .digest()
        .subarray(0, 8),
    );
    for (const name of [`content ${hash}`, ...(group === null ? [] : [`group ${group}`])]) {
      const first = firsts.get(name);
      if (first === undefined) firsts.set(name, at);
      else units.join(first, at);
    }
  }
  const { unit, place } = units.finish(names);
  const fractions = { train: 1 - share, validation: share, test: 0 };
  const split = makeSplit(
    { method: "group", options: splitOptionsSchema.parse({ fractions }) },
    {
      unit,
      place,
      stratum: new Int32Array(rows.length),
      time: new Float64Array(0),
      fixed: new Uint8Array(rows.length).fill(UNDECIDED),
    },
  );
  return split.map((part) => (part === VALIDATION ? 1 : 0));
}

const toSplit = (row: RefereeSplitRow, rows: Row[]): RefereeSplit => ({
  ...factsOf(row),
  keys: rows.filter((_, at) => row.members[at] === 1).map(({ key }) => key),
});

const factsOf = (row: RefereeSplitRow): Omit<RefereeSplit, "keys"> => ({
  manifest: row.manifestId,
  seed: row.seed,
  share: row.share,
  samples: row.samples,
  digest: row.digest,
  isSealed: row.isSealed,
  registeredBy: row.registeredBy,
  registeredAt: row.registeredAt.toISOString(),
});
