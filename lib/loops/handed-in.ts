/** Runs that are handed in to a loop: each with its recipe, its seed and what it came to. */
import { sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { catchUp, isUnsummedBatch } from "../metrics/compact.ts";
import { ProblemError } from "../problem.ts";
import { recipeDigest } from "../referee/recipe.ts";
import { seedOf } from "../runs/values.ts";
import type { StudyRow } from "../studies/studies.ts";
import type { Config } from "../wire/base/config.ts";
import type { RunStatus } from "../wire/base/words.ts";
import { splitMadeAlone } from "../wire/data/referee-splits.ts";

export type LoopRun = {
  runId: string;
  /** SHA-256 of code, manifest and config without its seeds, hexadecimal. */
  recipe: string;
  seed: string;
  /** The objective at its best; null: the run crashed or diverged. */
  value: number | null;
};

type Row = {
  id: string;
  name: string;
  status: RunStatus;
  config: Config;
  manifest_id: string | null;
  code: string | null;
  seed: string;
  value: number | null;
  is_deleted: boolean;
  is_unsummed: boolean;
  /** Its trainer split the samples without a server, which knows of a referee split. */
  saw_referee: boolean;
};

/** What a code's absence is called in a recipe. */
export const NO_CODE = "unknown";

/** Before a statement that asks `isUnsummed`: by itself, as points may lie on other nodes than runs. */
export const withUnsummed = sql`with unsummed as materialized (
  select distinct b.run_id from batches b join writers w on w.run_id = b.run_id and w.number = b.writer
  where ${sql.raw(isUnsummedBatch)})`;
/** Whether run `r` has points that its values don't count yet: it is finished a moment before they do. */
export const isUnsummed = sql`exists (select 1 from unsummed u where u.run_id = r.id)`;

/** Sums up what runs logged last, so that their values are whole. What can't be summed up in a moment stays as it is. */
export async function sumUpRuns(ids: readonly string[]): Promise<void> {
  for (const id of ids) await catchUp(id).catch(() => undefined);
}

/**
 * The runs in the order of their names here. Throws by name where one isn't the project's, isn't on the study's manifest, saw its
 * referee split, has not ended, was stopped from outside, or has no value, or not its last, though it ended well.
 */
export async function readLoopRuns(
  db: Executor,
  study: StudyRow,
  ids: string[],
  seedKeys: readonly string[],
): Promise<LoopRun[]> {
  const best = sql.raw(study.direction);
  const rows = await db.execute<Row>(sql`${withUnsummed}
    select r.id, r.name, r.status, r.config, r.manifest_id,
      encode(r.code_digest, 'hex') as code, ${seedOf} as seed, s.${best} as value, r.deleted_at is not null as is_deleted,
      ${isUnsummed} as is_unsummed,
      exists (select 1 from referee_splits f where f.project_id = r.project_id and f.manifest_id = r.manifest_id)
        and exists (select 1 from attempts a where a.run_id = r.id
          and a.environment ->> ${splitMadeAlone.name}::text = ${splitMadeAlone.value}::text) as saw_referee
    from runs r
    left join series s on s.run_id = r.id and s.split = ${study.split} and s.metric = ${study.metric} and not s.quarantined
    where r.id = any(${sql.param(ids)}::uuid[]) and r.project_id = ${study.projectId}`);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => toLoopRun(requireUsable(study, id, found.get(id)), seedKeys));
}

const stoppedOutside: readonly RunStatus[] = ["killed", "lost"];

function requireUsable(study: StudyRow, id: string, row: Row | undefined): Row {
  const refuse = (why: string) =>
    new ProblemError("conflict", `runs: ${row?.name ?? id} ${why}`, [{ field: "runs", detail: `${id} ${why}` }]);
  if (!row || row.is_deleted) throw refuse("is no run of this project");
  if (row.manifest_id !== study.manifestId)
    throw refuse("cites another manifest than the study: values on other samples aren't compared");
  if (row.saw_referee)
    throw refuse("split its samples without a server, and so saw those of the referee split: train it again with one");
  if (stoppedOutside.includes(row.status))
    throw refuse(`was ${row.status} from outside, which says nothing of it: run it again`);
  if (row.status === "queued" || row.status === "running")
    throw refuse(`is ${row.status}; hand it in once it has ended`);
  if (row.status === "finished" && row.is_unsummed)
    throw refuse("has points that aren't summed up yet; hand it in again in a moment");
  if (row.status === "finished" && row.value === null)
    throw refuse(`has no finite value of ${study.split}/${study.metric}, the study's objective`);
  return row;
}

function toLoopRun(row: Row, seedKeys: readonly string[]): LoopRun {
  const recipe = { code: row.code ?? NO_CODE, manifest: row.manifest_id ?? "", config: row.config };
  const value = row.status === "finished" ? row.value : null;
  return { runId: row.id, recipe: recipeDigest(recipe, seedKeys), seed: row.seed, value };
}

/** The recipe of a config that nobody has trained, with code and manifest of a run. Throws `not-found`. */
export async function recipeLike(
  projectId: string,
  likeRun: string,
  { config, seedKeys }: { config: Config; seedKeys: readonly string[] },
): Promise<string> {
  const [row] = await connections().db.execute<{ manifest_id: string | null; code: string | null }>(sql`
    select manifest_id, encode(code_digest, 'hex') as code from runs
    where id = ${likeRun} and project_id = ${projectId} and deleted_at is null`);
  if (!row) throw new ProblemError("not-found", `ask.likeRun: there is no run ${likeRun} in this project`);
  return recipeDigest({ code: row.code ?? NO_CODE, manifest: row.manifest_id ?? "", config }, seedKeys);
}
