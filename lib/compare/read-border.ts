/** What lies between compared runs that their own rows don't say: leaks, ancestors, preprocessing, definitions, code. */
import { type SQL, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { BoundedMap } from "../bounded-map.ts";
import { findLeak } from "../manifests/leak.ts";
import { requireManifest } from "../manifests/manifests.ts";
import type { ComparedRun } from "../wire/comparison.ts";
import type { Border, Preprocessing } from "./guard.ts";

type BorderRun = Pick<ComparedRun, "id" | "manifest" | "recipe" | "parent">;
type AncestorRow = { root: string; id: string; name: string | null; manifest_id: string | null };

/** Reads for the runs of a project, held against `baseline`, one of them. */
export async function readBorder(
  actor: Actor,
  projectId: string,
  runs: readonly BorderRun[],
  baseline: string,
): Promise<Border> {
  const ids = runs.map(({ id }) => id);
  const [ancestors, preprocessing, definitions, mixedRecipes] = await Promise.all([
    readAncestors(runs.flatMap(({ id, parent }) => (parent === null ? [] : [id]))),
    readPreprocessing(ids),
    readDefinitions(ids),
    readMixedRecipes(projectId, [...new Set(runs.flatMap(({ recipe }) => recipe ?? []))]),
  ]);
  const seen = new Map(runs.map(({ id, manifest }) => [id, new Set(manifest ? [manifest.id] : [])]));
  const uncitedAncestors = new Map<string, string>();
  for (const { root, id, name, manifest_id } of ancestors) {
    if (manifest_id !== null) seen.get(root)!.add(manifest_id);
    else if (id !== root && !uncitedAncestors.has(root)) uncitedAncestors.set(root, name ?? "a run that was purged");
  }
  const leaks = await readLeaks(actor, projectId, { runs, baseline, seen });
  return { leaks, uncitedAncestors, preprocessing, definitions, mixedRecipes };
}

const anyOf = (values: readonly string[], type: "uuid" | "text"): SQL =>
  sql`any(${sql.param(values)}::${sql.raw(type)}[])`;

/** As `listAncestry` of each, nearest first. */
const readAncestors = async (roots: string[]): Promise<AncestorRow[]> =>
  roots.length === 0
    ? []
    : connections().db.execute<AncestorRow>(sql`
        with recursive ancestry as (
          select r.id as root, r.id, r.parent_id, r.name, r.manifest_id from runs r where r.id = ${anyOf(roots, "uuid")}
          union
          select a.root, a.parent_id, r.parent_id, r.name, r.manifest_id
          from ancestry a left join runs r on r.id = a.parent_id where a.parent_id is not null)
        select root, id, name, manifest_id from ancestry order by root, id desc`);

type Seen = { runs: readonly BorderRun[]; baseline: string; seen: ReadonlyMap<string, ReadonlySet<string>> };

/** Pairs of manifests that are searched for each other's samples: beyond these the digests alone tell them apart. */
const SEARCHED_MAX = 8;

/** By run: test samples of the baseline's manifest that shaped its weights, and the other way round. */
async function readLeaks(
  actor: Actor,
  projectId: string,
  { runs, baseline, seen }: Seen,
): Promise<Map<string, number>> {
  const base = runs.find(({ id }) => id === baseline)!;
  const leaks = new Map<string, number>();
  const counts = new Map<string, number>();
  if (!base.manifest) return leaks;
  for (const run of runs) {
    if (run === base || !run.manifest) continue;
    const key = [run.manifest.id, ...[...seen.get(run.id)!].sort()].join(" ");
    if (!counts.has(key)) {
      if (counts.size >= SEARCHED_MAX) continue;
      const own = await countLeak(actor, projectId, base.manifest.id, seen.get(run.id)!);
      const others = await countLeak(actor, projectId, run.manifest.id, seen.get(base.id)!);
      counts.set(key, own + others);
    }
    leaks.set(run.id, counts.get(key)!);
  }
  return leaks;
}

/** Manifests don't change, and a page of them is read anew each second while a run goes on. */
const KEPT_MS = 10 * 60_000;
const KEPT_MAX = 500;
const kept = new BoundedMap<string, { count: number; until: number }>(KEPT_MAX);

async function countLeak(
  actor: Actor,
  projectId: string,
  manifest: string,
  seen: ReadonlySet<string>,
): Promise<number> {
  const cited = [...seen].filter((id) => id !== manifest).sort();
  if (cited.length === 0) return 0;
  const key = [manifest, ...cited].join(" ");
  const known = kept.get(key);
  if (known && known.until > Date.now()) return known.count;
  const { count } = await findLeak(await requireManifest(actor, projectId, manifest), cited);
  kept.set(key, { count, until: Date.now() + KEPT_MS });
  return count;
}

/** Of each run's last checkpoint; null: nothing was fitted. A run without checkpoints isn't among them. */
async function readPreprocessing(ids: string[]): Promise<Map<string, Preprocessing | null>> {
  const rows = await connections().db.execute<{ run: string; preprocessing: Preprocessing | null }>(sql`
    select distinct on (run_id) run_id as run, preprocessing from checkpoints where run_id = ${anyOf(ids, "uuid")}
    order by run_id, step desc, id desc`);
  return new Map(rows.map(({ run, preprocessing }) => [run, preprocessing]));
}

/** The definitions by which the newest evaluation of each split was computed. */
async function readDefinitions(ids: string[]): Promise<Border["definitions"]> {
  const rows = await connections().db.execute<{ run: string; split: "validation" | "test"; version: number }>(sql`
    select distinct on (e.run_id, e.split) e.run_id as run, e.split, p.version from evaluations e
      join evaluation_reports p on p.run_id = e.run_id and p.evaluation_id = e.id
    where e.run_id = ${anyOf(ids, "uuid")} order by e.run_id, e.split, e.id desc, p.version desc`);
  const found = new Map<string, Partial<Record<"validation" | "test", number>>>();
  for (const { run, split, version } of rows) found.set(run, { ...found.get(run), [split]: version });
  return found;
}

/** The recipes whose finished runs, which count in their means, ran with more than one state of the code. */
async function readMixedRecipes(projectId: string, recipes: string[]): Promise<Set<string>> {
  if (recipes.length === 0) return new Set();
  const rows = await connections().db.execute<{ recipe: string }>(sql`
    select encode(r.replicate_key, 'hex') as recipe from runs r
    where r.project_id = ${projectId} and r.status = 'finished' and r.deleted_at is null and r.archived_at is null
      and r.replicate_key = any(select decode(k, 'hex') from unnest(${sql.param(recipes)}::text[]) k)
    group by r.replicate_key having count(distinct r.code_digest) > 1`);
  return new Set(rows.map(({ recipe }) => recipe));
}
