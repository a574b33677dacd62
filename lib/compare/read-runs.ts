/** What is known of runs that stand side by side, but their metrics. */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import type { ComparedRun } from "../wire/comparison.ts";
import type { Code, Environment, Failure } from "../wire/runs.ts";

type Row = {
  id: string;
  name: string;
  status: ComparedRun["status"];
  failure: Failure | null;
  notes: string;
  seed: string | null;
  created_by: string;
  created_at: string | Date;
  started_at: string | Date | null;
  ended_at: string | Date | null;
  heartbeat_at: string | Date | null;
  tags: string[];
  color: number | null;
  archived_at: string | Date | null;
  points_lost: string;
  config: ComparedRun["config"];
  code: Omit<Code, "diff" | "untracked"> | null;
  code_digest: string | null;
  environment: Environment | null;
  manifest: ComparedRun["manifest"];
  parent_id: string | null;
  last_step: string | null;
  recipe: string | null;
};

/** Runs of the project in the order of the ids; those that aren't there are left out. */
export async function readComparedRuns(actor: Actor, projectId: string, ids: string[]): Promise<ComparedRun[]> {
  authorise(actor, "runs.read", projectId);
  if (ids.length === 0) return [];
  const rows = await connections().db.execute<Row>(sql`
    select r.id, r.name, r.status, r.failure, r.notes, r.seed, r.created_by, r.created_at, r.started_at, r.ended_at,
      r.heartbeat_at, r.color, r.archived_at, r.points_lost, r.config, r.code - 'diff' - 'untracked' as code,
      encode(r.code_digest, 'hex') as code_digest, encode(r.replicate_key, 'hex') as recipe, r.parent_id,
      array(select t.tag from run_tags t where t.run_id = r.id order by t.tag) as tags,
      (select a.environment from attempts a where a.run_id = r.id order by a.number desc limit 1) as environment,
      (select max(s.step_last) from series s where s.run_id = r.id and not s.quarantined and s.count > 0) as last_step,
      case when r.manifest_id is not null then jsonb_build_object(
        'id', m.id, 'name', g.name, 'verdict', v.verdict,
        'isOverridden', coalesce(v.verdict = 'block' and o.manifest_id is not null, false),
        'splits', jsonb_build_object(
          'train', jsonb_build_object('digest', m.train_digest, 'count', m.train_count),
          'validation', jsonb_build_object('digest', m.validation_digest, 'count', m.validation_count),
          'test', jsonb_build_object('digest', m.test_digest, 'count', m.test_count))) end as manifest
    from runs r
      left join manifests m on m.id = r.manifest_id
      left join manifest_registrations g on g.project_id = r.project_id and g.manifest_id = r.manifest_id
      left join manifest_verdicts v on v.manifest_id = r.manifest_id
      left join manifest_overrides o on o.project_id = r.project_id and o.manifest_id = r.manifest_id
    where r.id = any(${sql.param(ids)}::uuid[]) and r.project_id = ${projectId} and r.deleted_at is null`);
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = rowOf.get(id);
    return row ? [toCompared(row)] : [];
  });
}

function toCompared(row: Row): ComparedRun {
  const { id, name, status, notes, tags, color, config, code, manifest, recipe } = row;
  const started = dateOf(row.started_at);
  const until = dateOf(row.ended_at) ?? dateOf(row.heartbeat_at);
  return {
    id,
    name,
    status,
    failureReason: row.failure?.reason ?? null,
    notes,
    seed: row.seed === null ? null : Number(row.seed),
    createdBy: row.created_by,
    createdAt: dateOf(row.created_at)!.toISOString(),
    startedAt: started?.toISOString() ?? null,
    endedAt: dateOf(row.ended_at)?.toISOString() ?? null,
    durationMs: started && until ? until.getTime() - started.getTime() : null,
    tags,
    color,
    isArchived: row.archived_at !== null,
    pointsLost: Number(row.points_lost),
    config,
    code,
    codeDigest: row.code_digest,
    environment: row.environment ?? {},
    manifest,
    parent: row.parent_id,
    lastStep: row.last_step === null ? null : Number(row.last_step),
    recipe,
  };
}

const dateOf = (value: string | Date | null): Date | null => (value === null ? null : new Date(value));
