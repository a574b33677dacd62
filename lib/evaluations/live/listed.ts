/** Evaluations of a project or a run in a list, each with the number that its report leads with. */
import { connections } from "../../../db/connection.ts";
import type { Actor } from "../../access/actor.ts";
import { authorise } from "../../access/permissions.ts";
import { BoundedMap } from "../../bounded-map.ts";
import { locateRun } from "../../runs/runs.ts";
import type { EvaluatedSplit, EvaluationTask, LookPurpose } from "../../wire/evaluations/evaluations.ts";
import type { HeadlineMetric } from "../../wire/evaluations/headline.ts";
import { sightOf } from "../sight.ts";
import { primaryOf } from "./primary.ts";

export type ListedEvaluation = {
  id: string;
  run: string;
  runName: string;
  manifest: string;
  manifestName: string;
  split: EvaluatedSplit;
  splitDigest: string;
  task: EvaluationTask;
  step: number;
  samples: number;
  purpose: LookPurpose | null;
  /** Which look at the test split it was, from 1, of this project and others; null for validation. */
  look: number | null;
  createdBy: string;
  createdAt: string;
  status: "receiving" | "computing" | "done";
  /** Null: there is no report yet, or the reader may not see its numbers. */
  lead: HeadlineMetric | null;
};

const LISTED_MAX = 200;

/** The newest 200 of a project. */
export async function listProjectEvaluations(actor: Actor, projectId: string): Promise<ListedEvaluation[]> {
  authorise(actor, "evaluations.read", projectId);
  return list(actor, { projectId, runId: null });
}

/** The newest 200 of a run. */
export async function listRunEvaluations(actor: Actor, runId: string): Promise<ListedEvaluation[]> {
  const { projectId } = await locateRun(actor, runId, "evaluations.read");
  return list(actor, { projectId, runId });
}

type Row = Omit<ListedEvaluation, "lead" | "look" | "createdAt" | "status"> & {
  looks: number;
  projectId: string;
  createdAt: Date;
  isComplete: boolean;
  /** Of the newest definitions by which its report was computed; null: there is no report. */
  version: number | null;
  primaryMetric: string | null;
};

async function list(actor: Actor, of: { projectId: string; runId: string | null }): Promise<ListedEvaluation[]> {
  const { sql } = connections();
  const rows = await sql<Row[]>`
    select e.id, e.run_id as run, e.project_id as "projectId", r.name as "runName", e.manifest_id as manifest,
      coalesce(m.name, left(e.manifest_id, 12)) as "manifestName", e.split, e.split_digest as "splitDigest", e.task,
      e.step::float8 as step, e.samples, e.purpose, e.created_by as "createdBy", e.created_at as "createdAt",
      (select count(*)::int from looks own join looks l on l.test_digest = own.test_digest and l.id <= own.id
        where own.run_id = e.run_id and own.evaluation_id = e.id) as looks,
      p.file is not null as "isComplete", report.version, project.primary_metric as "primaryMetric"
    from evaluations e
    join runs r on r.id = e.run_id
    join projects project on project.id = e.project_id
    left join manifest_registrations m on m.project_id = e.project_id and m.manifest_id = e.manifest_id
    left join evaluation_predictions p on p.run_id = e.run_id and p.evaluation_id = e.id
    left join lateral (
      select max(version) as version from evaluation_reports where run_id = e.run_id and evaluation_id = e.id
    ) report on true
    where e.project_id = ${of.projectId} and r.deleted_at is null
      ${of.runId === null ? sql`` : sql`and e.run_id = ${of.runId}`}
    order by e.id desc limit ${LISTED_MAX}`;
  const metrics = await readHeadlines(rows);
  return Promise.all(rows.map((row) => toListed(actor, { ...row, metrics: metrics.get(nameOf(row)) ?? null })));
}

/** Headlines of reports: a report by the same definitions never changes, and a whole one is read for each. */
const headlines = new BoundedMap<string, HeadlineMetric[]>(5_000);
const nameOf = ({ run, id, version }: Pick<Row, "run" | "id" | "version">): string => `${run} ${id} ${version}`;

async function readHeadlines(rows: readonly Row[]): Promise<Map<string, HeadlineMetric[]>> {
  const wanted = rows.filter(({ version }) => version !== null);
  const known = new Map(
    wanted.flatMap((row) => {
      const own = headlines.get(nameOf(row));
      return own ? [[nameOf(row), own] as const] : [];
    }),
  );
  const missing = wanted.filter((row) => !known.has(nameOf(row)));
  if (missing.length === 0) return known;
  const read = await connections().sql<
    { run: string; id: string; version: number; metrics: HeadlineMetric[] | null }[]
  >`
    select p.run_id as run, p.evaluation_id as id, p.version, p.panels->'panels'->'headline'->'metrics' as metrics
    from evaluation_reports p
    join unnest(${missing.map(({ run }) => run)}::uuid[], ${missing.map(({ id }) => id)}::uuid[],
      ${missing.map(({ version }) => version!)}::int[]) w (run, id, version)
      on p.run_id = w.run and p.evaluation_id = w.id and p.version = w.version`;
  for (const row of read) {
    const metrics = row.metrics ?? [];
    headlines.set(nameOf(row), metrics);
    known.set(nameOf(row), metrics);
  }
  return known;
}

async function toListed(actor: Actor, row: Row & { metrics: HeadlineMetric[] | null }): Promise<ListedEvaluation> {
  const { version: _, metrics, primaryMetric, isComplete, createdAt, projectId, looks, ...listed } = row;
  const maySee = metrics !== null && (await sightOf(actor, { projectId, split: row.split } as never)) === "report";
  return {
    ...listed,
    look: looks > 0 ? looks : null,
    createdAt: createdAt.toISOString(),
    status: metrics !== null ? "done" : isComplete ? "computing" : "receiving",
    lead: maySee ? primaryOf(metrics, primaryMetric) : null,
  };
}
