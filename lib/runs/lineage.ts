/** Which run's weights a run began as, and what of its test split they have seen. */
import { and, eq, isNull, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { artifacts } from "../../db/schema/files.ts";
import { runs } from "../../db/schema/runs.ts";
import { earlierHashes } from "../datasets/earlier-forms.ts";
import { invalid } from "../problem.ts";

export type Relative = { id: string; name: string };
export type Relatives = {
  /** Null where there is none, or where it was purged. */
  parent: Relative | null;
  /** The newest 50 that began as this one's weights. */
  children: Relative[];
};

const CHILDREN_MAX = 50;

/** The columns of a run that begins as a checkpoint of another. Throws `invalid` where that isn't in the project. */
export async function lineageOf(
  projectId: string,
  parent: { run: string; checkpoint: string },
  manifestId: string | null,
): Promise<Pick<typeof runs.$inferInsert, "parentId" | "parentCheckpoint" | "parentSha256" | "testSeenCount">> {
  const { db } = connections();
  const [there] = await db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.id, parent.run), eq(runs.projectId, projectId)));
  if (!there) throw invalid("parent.run", `${parent.run} is no run of this project; one that its page shows is right`);
  const [file] = await db
    .select({ sha256: artifacts.sha256 })
    .from(artifacts)
    .where(and(eq(artifacts.runId, parent.run), eq(artifacts.path, parent.checkpoint)));
  if (!file)
    throw invalid(
      "parent.checkpoint",
      `run ${parent.run} has no file ${JSON.stringify(parent.checkpoint)}; one of its checkpoints is right`,
    );
  return {
    parentId: parent.run,
    parentCheckpoint: parent.checkpoint,
    parentSha256: file.sha256,
    testSeenCount: await countTestSeen(parent.run, manifestId),
  };
}

export type Ancestor = {
  id: string;
  /** Null where the run was purged. */
  name: string | null;
  /** Null where it cites none, or was purged. */
  manifestId: string | null;
};

/** A run, the run that its weights began as, and so on: the newest first. */
export async function listAncestry(runId: string): Promise<Ancestor[]> {
  return connections().sql<Ancestor[]>`
    with recursive ancestry as (
      select id, parent_id, name, manifest_id from runs where id = ${runId}
      union
      select a.parent_id, r.parent_id, r.name, r.manifest_id from ancestry a left join runs r on r.id = a.parent_id
      where a.parent_id is not null
    )
    select id, name, manifest_id as "manifestId" from ancestry order by id desc`;
}

/**
 * How many samples of a manifest's test split, by content, stand in the training split of a run or of what it began as,
 * and so on; null where one of them cites no manifest, or is gone.
 */
async function countTestSeen(runId: string, manifestId: string | null): Promise<number | null> {
  if (manifestId === null) return null;
  const trainedOn = (await listAncestry(runId)).map((ancestor) => ancestor.manifestId);
  if (trainedOn.includes(null)) return null;
  const { sql } = connections();
  const forms = sql`(select s.content_hash as hash, true as own, s.earlier_hashes is null as old
    union all select e.hash, false, false from ${earlierHashes(sql, "s")} e where s.earlier_hashes is not null)`;
  const [row] = await sql<{ seen: number }[]>`
    with trained as not materialized (
      select f.hash, f.own, f.old from manifest_samples s cross join lateral ${forms} f
      where s.manifest_number in (select number from manifests where id in ${sql(trainedOn as string[])})
        and s.split = 'train')
    select count(*)::int as seen from manifest_samples s
    where s.manifest_number = (select number from manifests where id = ${manifestId}) and s.split = 'test'
      and (s.content_hash in (select hash from trained where own)
        or s.earlier_hashes is null and s.content_hash in (select hash from trained where not own) or s.earlier_hashes is not null and exists (
        select from ${earlierHashes(sql, "s")} e where e.hash in (select hash from trained where old)))`;
  return row!.seen;
}

/** Where a run came from, and what came of it; deleted ones aside. */
export async function listRelatives({ id, parentId }: typeof runs.$inferSelect): Promise<Relatives> {
  const { db } = connections();
  const some = { id: runs.id, name: runs.name };
  const [parents, children] = await Promise.all([
    parentId ? db.select(some).from(runs).where(eq(runs.id, parentId)) : [],
    db
      .select(some)
      .from(runs)
      .where(and(eq(runs.parentId, id), isNull(runs.deletedAt)))
      .orderBy(sql`${runs.id} desc`)
      .limit(CHILDREN_MAX),
  ]);
  return { parent: parents[0] ?? null, children };
}
