/** How far results of one recipe lie apart for its seed alone, pooled over a project's recipes (RIGOUR 4.11). */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { seedOf } from "../runs/values.ts";
import { tQuantile } from "../statistics/distributions/student-t.ts";
import { isUndefined } from "../statistics/measured.ts";
import { noiseFloor, type Replicates } from "../statistics/replicates/noise-floor.ts";
import type { Objective } from "../wire/studies/studies.ts";

export type ProjectNoise = {
  objective: Objective;
  /** The standard deviation between seeds; null: too few say it. */
  sd: number | null;
  /** Recipes with two seeds or more, results of theirs, and degrees of freedom. */
  recipes: number;
  results: number;
  dof: number;
  status: "none" | "zero" | "weak" | "ok";
  /** One floor fits the recipes badly. */
  uneven: boolean;
  /** A smaller difference of two single runs says nothing; null: nobody knows. */
  tellsFrom: number | null;
};

/** Newest recipes that are read; the floor itself takes the newest 20. */
const RECIPES_MAX = 200;
const ALPHA = 0.05;

type Row = { recipe: string; seed: string; value: number | null };

/**
 * As of now, of finished runs that are measured by `objective` on the samples of that manifest; null: of those that cite
 * none. A recipe is a config without its seed, on one manifest, by one code; a repeated seed and a run without a finite
 * value don't count. Recipes of every budget: where they differ much, `uneven` says so.
 */
export async function readNoiseFloor(
  actor: Actor,
  projectId: string,
  objective: Objective,
  manifest: string | null,
): Promise<ProjectNoise> {
  authorise(actor, "runs.read", projectId);
  const best = sql.raw(`s.${objective.direction}`);
  const sameSamples =
    manifest === null
      ? sql`r.manifest_id is null`
      : sql`r.manifest_id in (select m.id from manifests m where m.validation_digest =
          (select o.validation_digest from manifests o where o.id = ${manifest}))`;
  const rows = await connections().db.execute<Row>(sql`
    with measured as (
      select r.id, encode(r.replicate_key, 'hex') || coalesce(encode(r.code_digest, 'hex'), '') as recipe,
        ${seedOf} as seed, coalesce(t.told, ${best}) as value
      from runs r
      left join (select t.run_id, t.told from trials t join studies st on st.id = t.study_id
        where st.metric = ${objective.metric} and st.split = ${objective.split} and t.told is not null) t on t.run_id = r.id
      left join series s on s.run_id = r.id and s.project_id = ${projectId} and s.metric = ${objective.metric}
        and s.split = ${objective.split} and not s.quarantined
      where r.project_id = ${projectId} and r.deleted_at is null and r.status = 'finished' and ${sameSamples}),
    recipes as (
      select recipe, max(id::text) as newest from measured where value > '-Infinity' and value < 'Infinity'
      group by recipe having count(distinct seed) > 1 order by 2 desc limit ${RECIPES_MAX})
    select m.recipe, m.seed, m.value from measured m join recipes using (recipe)
    order by newest desc, m.recipe, m.id`);
  return floorOf(objective, groupsOf(rows));
}

function groupsOf(rows: Iterable<Row>): Replicates[] {
  const groups = new Map<string, { values: (number | null)[]; seeds: string[] }>();
  for (const { recipe, seed, value } of rows) {
    const group = groups.get(recipe) ?? { values: [], seeds: [] };
    group.values.push(value !== null && Number.isFinite(value) ? value : null);
    group.seeds.push(seed);
    groups.set(recipe, group);
  }
  return [...groups.values()];
}

/** Of groups, the newest first. Pure. */
export function floorOf(objective: Objective, groups: Replicates[]): ProjectNoise {
  const floor = noiseFloor(groups, { incumbentRuns: 0 });
  const sd = isUndefined(floor.sd) || floor.status === "none" ? null : floor.sd;
  const { dof, groupsUsed: recipes, status, uneven } = floor;
  const tellsFrom = sd === null || sd === 0 ? null : tQuantile(1 - ALPHA / 2, dof) * sd * Math.SQRT2;
  return { objective, sd, recipes, results: dof + recipes, dof, status, uneven, tellsFrom };
}
