/** Evaluations of runs that stand side by side: the newest of each on the baseline's samples. */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { compareEvaluations } from "../evaluations/live/comparison.ts";
import { primaryOf } from "../evaluations/live/primary.ts";
import { type Sight, sightOf } from "../evaluations/sight.ts";
import type { UnshownEvaluation } from "../wire/compared.ts";
import type { ComparedRun, Comparison } from "../wire/comparison.ts";
import type { EvaluatedSplit, EvaluationTask } from "../wire/evaluations/evaluations.ts";
import type { HeadlineMetric } from "../wire/evaluations/headline.ts";
import type { MetricName } from "../wire/evaluations/metrics.ts";
import { COMPARED_MAX, type PairedRow } from "../wire/evaluations/paired.ts";
import type { Project } from "../wire/projects.ts";
import { isBarred } from "./guard.ts";

/** `shown`: the reader may see its number, of the baseline's samples. */
export type EvaluationStanding = "shown" | UnshownEvaluation;

export type EvaluationCell = {
  id: string;
  run: string;
  standing: EvaluationStanding;
  /** Null unless it is shown. */
  lead: HeadlineMetric | null;
  step: number;
  samples: number;
  /** Which look at the test split it was, from 1; null for validation. */
  look: number | null;
  /** Of the definitions by which its report was computed. */
  version: number;
};

/** The evaluations on a split, a place for each run in the order of the columns; null: it has none. */
export type EvaluationRow = {
  split: EvaluatedSplit;
  metric: MetricName | null;
  k: number | null;
  /** Whether all were computed by the same definitions. */
  isOneVersion: boolean;
  cells: (EvaluationCell | null)[];
};

type Row = {
  id: string;
  run: string;
  split: EvaluatedSplit;
  split_digest: string;
  task: EvaluationTask;
  step: string;
  samples: number;
  version: number;
  looks: number;
  metrics: HeadlineMetric[] | null;
};
type Compared = Pick<ComparedRun, "id" | "manifest">;
type Facts = { runs: readonly Compared[]; baseline: string };

/**
 * By split, validation before test, those of which any run has a complete evaluation with a report. A run's newest on the
 * baseline's samples stands for it; without one, its newest on others.
 */
export async function readComparedEvaluations(
  actor: Actor,
  project: Pick<Project, "id" | "primaryMetric">,
  { runs, baseline }: Facts,
): Promise<EvaluationRow[]> {
  authorise(actor, "evaluations.read", project.id);
  const rows = await readNewest(
    project.id,
    runs.map(({ id }) => id),
  );
  const found: EvaluationRow[] = [];
  for (const split of ["validation", "test"] as const) {
    const ofSplit = rows.filter((row) => row.split === split);
    if (ofSplit.length === 0) continue;
    const sight = await sightOf(actor, { projectId: project.id, split });
    found.push(rowOf(ofSplit, { split, sight, runs, baseline, primaryMetric: project.primaryMetric }));
  }
  return found;
}

type RowContext = Facts & { split: EvaluatedSplit; sight: Sight; primaryMetric: string | null };

function rowOf(rows: Row[], { split, sight, runs, baseline, primaryMetric }: RowContext): EvaluationRow {
  const digest = runs.find(({ id }) => id === baseline)?.manifest?.splits[split].digest ?? null;
  const chosen = runs.map(({ id }) => {
    const own = rows.filter(({ run }) => run === id);
    return own.find((row) => row.split_digest === digest) ?? own[0] ?? null;
  });
  const comparable = chosen.filter((row) => row?.split_digest === digest);
  const first = comparable.find((row) => row?.run === baseline) ?? comparable[0] ?? null;
  const lead = first?.metrics ? primaryOf(first.metrics, primaryMetric) : null;
  const cells = chosen.map((row) => row && toCell(row, { digest, sight, lead }));
  const versions = new Set(cells.flatMap((cell) => (cell?.standing === "shown" ? [cell.version] : [])));
  return {
    split,
    metric: lead?.metric ?? null,
    k: lead?.topK?.k ?? null,
    isOneVersion: versions.size < 2,
    cells,
  };
}

type CellContext = { digest: string | null; sight: Sight; lead: HeadlineMetric | null };

function toCell(row: Row, { digest, sight, lead }: CellContext): EvaluationCell {
  const own = row.metrics?.find(({ metric, topK }) => metric === lead?.metric && topK?.k === lead.topK?.k) ?? null;
  const standing: EvaluationStanding =
    row.split_digest !== digest ? "other-samples" : sight !== "report" ? "shut" : own === null ? "other-task" : "shown";
  return {
    id: row.id,
    run: row.run,
    standing,
    lead: standing === "shown" ? own : null,
    step: Number(row.step),
    samples: row.samples,
    look: row.looks > 0 ? row.looks : null,
    version: row.version,
  };
}

/** The newest of each run, split and digest that has a report, the newest first. */
async function readNewest(projectId: string, runs: string[]): Promise<Row[]> {
  if (runs.length === 0) return [];
  const rows = await connections().db.execute<Row>(sql`
    select e.id, e.run_id as run, e.split, e.split_digest, e.task, e.step, e.samples, report.version, report.metrics,
      (select count(*)::int from looks own join looks l on l.test_digest = own.test_digest and l.id <= own.id
        where own.run_id = e.run_id and own.evaluation_id = e.id) as looks
    from (
      select distinct on (run_id, split, split_digest) c.* from evaluations c
      where c.run_id = any(${sql.param(runs)}::uuid[]) and c.project_id = ${projectId}
        and exists (select from evaluation_reports p where p.run_id = c.run_id and p.evaluation_id = c.id)
      order by run_id, split, split_digest, id desc
    ) e
    join lateral (
      select version, panels->'panels'->'headline'->'metrics' as metrics from evaluation_reports
      where run_id = e.run_id and evaluation_id = e.id order by version desc limit 1
    ) report on true
    order by e.id desc`);
  return [...rows];
}

/** Runs whose evaluations on the split the guard bars from a verdict beside the baseline's. */
export const barredIn = (
  { split }: Pick<EvaluationRow, "split">,
  { runs, baseline, notices }: Pick<Comparison, "baseline" | "notices"> & Facts,
): string[] =>
  runs.flatMap(({ id }) =>
    id !== baseline && isBarred(notices, { run: id, baseline, isTest: split === "test", isEvaluation: true })
      ? [id]
      : [],
  );

/** Of each run its paired difference to the baseline. */
export type PairedDifference = Pick<PairedRow, "difference" | "interval" | "decision" | "detectable"> & {
  /** Adjusted by Holm for all of the row; null: there was no test. */
  holm: number | null;
};
export type PairedDifferences = {
  metric: MetricName;
  byRun: Record<string, PairedDifference>;
  /** Runs beyond the twenty that are paired. */
  beyond: number;
};

/**
 * Pairs the baseline's evaluation with those of the other runs, as many as are paired at once, on the samples that they
 * share. `pairs`: the baseline's first. Throws as `compareEvaluations` does.
 */
export async function pairWithBaseline(
  actor: Actor,
  project: Pick<Project, "id" | "smallestDifference">,
  pairs: { run: string; evaluation: string }[],
  metric: MetricName,
): Promise<PairedDifferences> {
  const paired = pairs.slice(0, COMPARED_MAX);
  const { data } = await compareEvaluations(actor, paired, {
    projectId: project.id,
    metric,
    smallest: project.smallestDifference,
  });
  const byRun = data.comparisons.map(({ model, difference, interval, test, decision, detectable }) => [
    paired[model]!.run,
    { difference, interval, decision, detectable, holm: "undefined" in test ? null : test.holm },
  ]);
  return { metric: data.metric, byRun: Object.fromEntries(byRun), beyond: pairs.length - paired.length };
}
