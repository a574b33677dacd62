/** How much of a gain is owed to which samples the validation split has: measured where every run's predictions are here. */
import { and, desc, eq, inArray, ne } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { evaluationPredictions, evaluations } from "../../db/schema/evaluations.ts";
import type { EvaluationRecord } from "../evaluations/evaluations.ts";
import { byUnit, type SampleMeasure, sampleMeasures, scoresBehind } from "../evaluations/measures/sample-scores.ts";
import { readEvaluated } from "../evaluations/read-evaluated.ts";
import type { Candidacy } from "../referee/ruling.ts";
import { validationSampleVariance } from "../statistics/replicates/sample-variance.ts";
import type { StudyRow } from "../studies/studies.ts";

export type Valued = { runId: string; value: number };
/** The runs that a test is made by. */
export type TestedRuns = { candidate: Valued[]; incumbent: Valued[] };

/** Scores that are held at once, of all runs together: 400 MB. */
const SCORES_MAX = 50_000_000;

/**
 * The variance that the samples add to the gain, and how many independent ones there are. Null unless each run has a complete
 * evaluation on the study's validation split whose samples come to the run's value in the mean.
 */
export async function readSampleVariance(
  db: Executor,
  study: StudyRow,
  { candidate, incumbent }: TestedRuns,
): Promise<NonNullable<Candidacy["samples"]> | null> {
  if (study.split !== "validation" || study.manifestId === null) return null;
  const runs = [...candidate, ...incumbent];
  const found = await findEvaluated(db, study.manifestId, runs);
  const measured = found && (await readScores(runs, found));
  if (!measured) return null;
  const told = validationSampleVariance(measured.slice(0, candidate.length), measured.slice(candidate.length));
  return "undefined" in told ? null : { variance: told.variance, count: told.n };
}

type Found = Map<string, { evaluation: EvaluationRecord; file: string }>;

/** Of each run the newest complete evaluation; null where one has none, or they are too many to hold. */
async function findEvaluated(db: Executor, manifestId: string, runs: Valued[]): Promise<Found | null> {
  const ids = runs.map(({ runId }) => runId);
  if (ids.length === 0) return null;
  const rows = await db
    .select({ evaluation: evaluations, file: evaluationPredictions.file })
    .from(evaluations)
    .innerJoin(
      evaluationPredictions,
      and(eq(evaluationPredictions.runId, evaluations.runId), eq(evaluationPredictions.evaluationId, evaluations.id)),
    )
    .where(
      and(
        inArray(evaluations.runId, ids),
        eq(evaluations.manifestId, manifestId),
        eq(evaluations.split, "validation"),
        // masks would be measured for minutes
        ne(evaluations.form, "mask"),
      ),
    )
    .orderBy(desc(evaluations.id));
  const newest: Found = new Map();
  for (const row of rows) if (!newest.has(row.evaluation.runId)) newest.set(row.evaluation.runId, row);
  const samples = rows[0]?.evaluation.samples ?? 0;
  return ids.every((id) => newest.has(id)) && samples * ids.length <= SCORES_MAX ? newest : null;
}

/** By run one score a sample, all of one measure; null where no measure has all values. */
async function readScores(runs: Valued[], found: Found): Promise<Float64Array[] | null> {
  let left = new Map<SampleMeasure, Float64Array[]>(sampleMeasures.map((measure) => [measure, []]));
  for (const { runId, value } of runs) {
    const { evaluation, file } = found.get(runId)!;
    const evaluated = await readEvaluated(evaluation, file);
    left = new Map(
      [...left].flatMap(([measure, columns]) => {
        const scores = scoresBehind(evaluated, measure, value);
        return scores ? [[measure, [...columns, byUnit(evaluated, scores)]] as const] : [];
      }),
    );
    if (left.size === 0) return null;
  }
  const [columns] = left.values();
  return columns ?? null;
}
