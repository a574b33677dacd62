/** What a project's runs are as replicates of each other, now and if other paths of their config were left aside. */
import { sql } from "drizzle-orm";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { parse } from "../problem.ts";
import { replicateKey, seedOf } from "../runs/values.ts";
import { replicateIgnoresSchema } from "../wire/projects.ts";
import { withTimeout } from "./rows.ts";

/** Sets of runs that are replicates of each other, and how many of the sets are of one run, or of runs of one seed. */
export type ReplicateSets = { sets: number; single: number };
export type ReplicatesPreview = {
  runs: number;
  before: ReplicateSets;
  /** With the paths that were asked about. */
  after: ReplicateSets;
  /** Those of the paths that no run's config has. */
  unknown: string[];
};

const tooMany = { field: "replicateIgnores", instead: "there are too many runs; to save compares them all the same" };

/** Changes nothing. Throws `invalid` for paths that can't be, and where the project's runs take over 2 s to compare. */
export async function previewReplicates(actor: Actor, projectId: string, paths: unknown): Promise<ReplicatesPreview> {
  authorise(actor, "runs.read", projectId);
  const ignores = parse(replicateIgnoresSchema, paths);
  const asked = sql`${sql.param(ignores)}::text[]`;
  const isSame = sql`p.replicate_ignores = ${asked}`;
  return withTimeout(async (tx) => {
    const [row] = await tx.execute<Record<"runs" | "sets" | "single" | "setsAfter" | "singleAfter", number>>(sql`
      with k as materialized (select r.replicate_key as key_before, ${seedOf} as seed,
          case when ${isSame} then r.replicate_key else ${replicateKey(asked)} end as key_after
        from runs r join projects p on p.id = r.project_id where r.project_id = ${projectId} and r.deleted_at is null),
      n as (select count(distinct seed) as size from k group by key_before),
      t as (select count(distinct seed) as size from k group by key_after)
      select (select count(*) from k)::int as runs,
        (select count(*) from n)::int as sets, (select count(*) from n where size = 1)::int as single,
        (select count(*) from t)::int as "setsAfter", (select count(*) from t where size = 1)::int as "singleAfter"`);
    // all that lies below `a` is from `a.` to before `a/`, the character that follows the dot
    const unknown = await tx.execute<{ path: string }>(sql`
      select i.path from unnest(${asked}) i (path) where not exists (
        select 1 from run_values v where v.project_id = ${projectId}
          and (v.key = i.path or (v.key >= i.path || '.' and v.key < i.path || '/')))`);
    const { runs, sets, single, setsAfter, singleAfter } = row!;
    return {
      runs,
      before: { sets, single },
      after: { sets: setsAfter, single: singleAfter },
      unknown: unknown.map(({ path }) => path),
    };
  }, tooMany);
}
