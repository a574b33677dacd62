/** Everything that a study's panels are made of, read side by side. */
import { sql } from "drizzle-orm";
import { connections } from "../../../db/connection.ts";
import { summaryValues } from "../../../db/schema/series.ts";
import type { Actor } from "../../access/actor.ts";
import { listSharing } from "../../evaluations/sharing-splits.ts";
import { sameDigests } from "../../evaluations/test-looks.ts";
import { listLooksAt } from "../../looks/looks.ts";
import { requireManifest } from "../../manifests/manifests.ts";
import { keyOfRow, type StoredSplit } from "../../metrics/stored-split.ts";
import type { Study } from "../../wire/studies/studies.ts";
import { readAdoptedRuns } from "../adopted.ts";
import type { RunFacts, SeriesSummary, StudyRead } from "../facts/facts.ts";
import { readResults } from "../results.ts";
import { readAncestors } from "./read-ancestors.ts";
import { readCurves } from "./read-curves.ts";

export async function readStudy(actor: Actor, project: { id: string }, study: Study): Promise<StudyRead> {
  const results = await readResults(study.id, study.objective);
  const living = results.flatMap(({ run }) => (run === null || run.isDeleted ? [] : [run.id]));
  const [summaries, runs, curves, test, ancestors, adopted, predictions] = await Promise.all([
    readSummaries(study.id),
    readRunFacts(study.id),
    readCurves(actor, { project, study, runs: living, results }),
    readTest(actor, project, study),
    readAncestors(actor, project, study),
    readAdoptedRuns(study.chosenRun === null ? [] : [study.id]),
    readPredictions(study.id),
  ]);
  return {
    study,
    results,
    summaries,
    runs,
    curves,
    ...test,
    ancestors,
    adopted: adopted.get(study.id) ?? null,
    predictions,
  };
}

type SummaryRow = {
  run_id: string;
  split: StoredSplit;
  metric: string;
  count: string;
  non_finite_count: string;
  last: number;
  min: number | null;
  max: number | null;
  mean: number | null;
};

async function readSummaries(studyId: string): Promise<Map<string, Map<string, SeriesSummary>>> {
  const rows = await connections().db.execute<SummaryRow>(sql`
    select run_id, split, metric, count, non_finite_count, last, min, max, ${sql.raw(summaryValues.mean)} as mean from series
    where run_id in (select run_id from trials where study_id = ${studyId}) and not quarantined and count > 0`);
  const found = new Map<string, Map<string, SeriesSummary>>();
  for (const row of rows) {
    const ofRun = found.get(row.run_id) ?? new Map<string, SeriesSummary>();
    found.set(row.run_id, ofRun);
    const { min, max, mean } = row;
    const last = Number.isFinite(row.last) ? row.last : null;
    ofRun.set(keyOfRow(row), {
      count: Number(row.count),
      nonFinite: Number(row.non_finite_count),
      last,
      min,
      max,
      mean,
    });
  }
  return found;
}

type RunRow = {
  id: string;
  notes: string;
  has_code: boolean;
  command: string | null;
  is_dirty: boolean | null;
  parent_id: string | null;
  parent_name: string | null;
  parent_checkpoint: string | null;
};

/** A larger capture holds a difference to what is committed; reading it of every run takes long. */
const CODE_READ_BYTES = 20_000;
const WORDS_MAX = 400;

async function readRunFacts(studyId: string): Promise<Map<string, RunFacts>> {
  const isSmall = sql`pg_column_size(r.code) <= ${CODE_READ_BYTES}`;
  const rows = await connections().db.execute<RunRow>(sql`
    select r.id, left(r.notes, ${WORDS_MAX}) as notes, r.code is not null as has_code, p.id as parent_id,
      p.name as parent_name, r.parent_checkpoint,
      case when ${isSmall} then left(r.code->>'command', ${WORDS_MAX}) end as command,
      case when ${isSmall} then (r.code->>'dirty')::boolean end as is_dirty
    from trials t join runs r on r.id = t.run_id
    left join runs p on p.id = r.parent_id and p.project_id = r.project_id and p.deleted_at is null
    where t.study_id = ${studyId}`);
  return new Map(rows.map((row) => [row.id, toRunFacts(row)]));
}

const toRunFacts = (row: RunRow): RunFacts => ({
  notes: row.notes,
  command: row.command || null,
  isDirty: row.has_code ? (row.is_dirty ?? true) : null,
  parent:
    row.parent_id === null ? null : { run: row.parent_id, name: row.parent_name, checkpoint: row.parent_checkpoint },
});

/** The study's manifest, and when its test split was looked at, in whichever form. */
async function readTest(
  actor: Actor,
  project: { id: string },
  study: Study,
): Promise<Pick<StudyRead, "manifest" | "looks">> {
  if (study.manifest === null) return { manifest: null, looks: [] };
  const { manifest, number } = await requireManifest(actor, project.id, study.manifest);
  const { counts, splitDigests } = manifest;
  const sharing = await listSharing({ number, digest: splitDigests.test, count: counts.test });
  const { looks } = await listLooksAt(actor, sameDigests(splitDigests.test, sharing));
  return {
    manifest: { id: manifest.id, name: manifest.name, validation: counts.validation, test: counts.test },
    looks: looks.map(({ at, kind }) => ({ at, kind })).reverse(),
  };
}

/** Of each run the most predictions on validation that a whole evaluation has. */
async function readPredictions(studyId: string): Promise<Map<string, number>> {
  const rows = await connections().db.execute<{ run_id: string; samples: number }>(sql`
    select e.run_id, max(e.samples)::int as samples from evaluations e
    join evaluation_predictions p on p.run_id = e.run_id and p.evaluation_id = e.id
    where e.split = 'validation' and p.file is not null
      and e.run_id in (select run_id from trials where study_id = ${studyId}) group by 1`);
  return new Map(rows.map(({ run_id, samples }) => [run_id, samples]));
}
