/** Evaluations compared in pairs: small ones at once, large ones by a job, so that no other request waits for them. */
import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { connections } from "../../../db/connection.ts";
import { BoundedMap } from "../../bounded-map.ts";
import { enqueueJob, findJob, type JobProgram } from "../../jobs/jobs.ts";
import { invalid, ProblemError } from "../../problem.ts";
import { InputError } from "../../statistics/inputs.ts";
import { DEFINITIONS_VERSION } from "../../wire/evaluations/evaluations.ts";
import type { MetricName } from "../../wire/evaluations/metrics.ts";
import type { PairedData } from "../../wire/evaluations/paired.ts";
import type { EvaluationRecord } from "../evaluations.ts";
import type { Evaluated } from "../measures/evaluated.ts";
import { comparePaired } from "../paired/paired.ts";
import { readEvaluated, requireComplete } from "../read-evaluated.ts";
import { readSplitKeys } from "../split-keys.ts";
import { placeOfSplit } from "../truth.ts";
import { subsetOf } from "./subset.ts";

export const PAIR_JOB = "evaluation.compare";

/** Of the evaluations, the baseline first. `smallest`: the smallest difference of interest, null where nobody said. */
export type PairQuestion = { metric: MetricName; smallest: number | null };
export type Paired = {
  data: PairedData;
  /** Keys of the samples on which the first that gained and lost differ, by their place among those compared. */
  keys: [sample: number, key: string][];
  /** Samples of the largest split that aren't among those compared; 0: all have the same samples. */
  leftOut: number;
};

/** Differing samples of each comparison whose keys are told, of those that gained and those that lost. */
export const DIFFERING_SHOWN = 12;
/** The seed is fixed: the same evaluations give the same intervals everywhere. */
const SEED = 1;
/** Scores, over all evaluations, that are compared within a request: some 50 ms. Masks are read for longer. */
const AT_ONCE = 200_000;
const MASKS_AT_ONCE = 20;
/** By what a job names what is refused; whoever asked has a name of his own for it. */
const JOB_FIELD = "e";
const ASK_MS = 200;
const PATIENCE_MS = 120_000;
/** Of small ones, which a page that is read anew asks for each time: evaluations are final. */
const remembered = new BoundedMap<string, Paired>(100);

/**
 * Throws `invalid`, naming `field`, where these can't be compared; asks nobody whether they may be. `atOnce`: how many scores
 * are compared without a job.
 */
export async function pairEvaluations(
  records: EvaluationRecord[],
  question: PairQuestion,
  { field, atOnce = AT_ONCE }: { field: string; atOnce?: number },
): Promise<Paired> {
  const [baseline] = records as [EvaluationRecord];
  const subject = subjectOf(records, question);
  if (isSmall(records, atOnce)) {
    const paired = remembered.get(subject) ?? (await compute(records, question).catch((error) => refuse(error, field)));
    remembered.set(subject, paired);
    return paired;
  }
  const since = Date.now();
  const input = { evaluations: records.map(({ runId, id }) => [runId, id]), ...question };
  let isAsked = false;
  for (;;) {
    const known = await readPaired(baseline, subject);
    if (known) return known;
    const job = isAsked ? await findJob(PAIR_JOB, subject) : null;
    if (job?.status === "failed") throw failureOf(job.failure, field);
    if (!isAsked) await enqueueJob(connections().db, { kind: PAIR_JOB, subject, input });
    isAsked = true;
    if (Date.now() - since > PATIENCE_MS)
      throw new ProblemError("conflict", "the comparison is still being computed; ask again in a minute");
    await setTimeout(ASK_MS);
  }
}

/** The job. May be repeated: what is there is left as it is. */
export const pairProgram: JobProgram = async ({ subject, input }) => {
  const { evaluations, metric, smallest } = input as PairQuestion & { evaluations: [run: string, id: string][] };
  const records: EvaluationRecord[] = [];
  for (const [run, id] of evaluations) records.push((await requireComplete(run, id)).evaluation);
  const paired = await compute(records, { metric, smallest }).catch((error: unknown) => refuse(error, JOB_FIELD));
  const [{ runId, id }] = records as [EvaluationRecord];
  await connections().db.execute(sql`
    insert into evaluation_comparisons (run_id, evaluation_id, subject, paired)
    values (${runId}, ${id}, ${subject}, ${JSON.stringify(paired)}::jsonb) on conflict do nothing`);
};

const isSmall = (records: EvaluationRecord[], atOnce: number): boolean =>
  records.every(({ form, samples }) => form !== "mask" || samples <= MASKS_AT_ONCE) &&
  records.reduce((sum, { samples, classes, form }) => sum + samples * (form === "scores" ? classes!.length : 1), 0) <=
    atOnce;

const subjectOf = (records: EvaluationRecord[], { metric, smallest }: PairQuestion): string =>
  createHash("sha256")
    .update(JSON.stringify([DEFINITIONS_VERSION, metric, smallest, records.map(({ id }) => id)]))
    .digest("hex");

async function readPaired({ runId, id }: EvaluationRecord, subject: string): Promise<Paired | null> {
  const [row] = await connections().db.execute<{ paired: Paired }>(sql`
    select paired from evaluation_comparisons where run_id = ${runId} and evaluation_id = ${id} and subject = ${subject}`);
  return row?.paired ?? null;
}

function refuse(error: unknown, field: string): never {
  if (error instanceof InputError) throw invalid(field, error.message);
  throw error;
}

/** A job keeps what it threw as a text; what the evaluations are refused for is said to whoever asked. */
function failureOf(failure: unknown, field: string): ProblemError {
  const text = (failure as { figures?: { text?: string } } | null)?.figures?.text;
  return text?.startsWith(`${JOB_FIELD}: `)
    ? invalid(field, text.slice(`${JOB_FIELD}: `.length))
    : new ProblemError("conflict", `the comparison failed: ${text ?? "nobody knows why"}; ask again`);
}

type Model = { evaluated: Evaluated; keys: string[] | null };

async function compute(records: EvaluationRecord[], question: PairQuestion): Promise<Paired> {
  const { models, leftOut } = await readModels(records);
  const data = comparePaired(
    models.map(({ evaluated }) => evaluated),
    { ...question, seed: SEED },
  );
  return { data, keys: await keysOf(data, models[0]!.keys, records[0]!), leftOut };
}

async function readModels(records: EvaluationRecord[]): Promise<{ models: Model[]; leftOut: number }> {
  const [first] = records;
  const isSame = records.every(
    ({ splitDigest, manifestId }) => splitDigest === first!.splitDigest && manifestId === first!.manifestId,
  );
  const read = async (record: EvaluationRecord) =>
    readEvaluated(record, (await requireComplete(record.runId, record.id)).file);
  if (isSame) {
    const models: Model[] = [];
    for (const record of records) models.push({ evaluated: await read(record), keys: null });
    return { models, leftOut: 0 };
  }
  const allKeys = await Promise.all(
    records.map(async (record) => {
      const keys = await readSplitKeys(await placeOfSplit(record));
      return Array.from({ length: keys.length }, (_, at) => keys.keyAt(at));
    }),
  );
  const others = allKeys.slice(1).map((keys) => new Set(keys));
  const shared = new Set(allKeys[0]!.filter((key) => others.every((those) => those.has(key))));
  if (shared.size === 0) throw new InputError("the evaluations have no sample in common");
  const models: Model[] = [];
  for (const [at, record] of records.entries()) {
    const keys = allKeys[at]!;
    const places = keys.flatMap((key, place) => (shared.has(key) ? [place] : []));
    models.push({ evaluated: subsetOf(await read(record), places), keys: places.map((place) => keys[place]!) });
  }
  return { models, leftOut: Math.max(...records.map(({ samples }) => samples)) - shared.size };
}

async function keysOf(data: PairedData, own: string[] | null, record: EvaluationRecord): Promise<Paired["keys"]> {
  const keys = own === null ? await readSplitKeys(await placeOfSplit(record)) : null;
  const shown = data.comparisons.flatMap(({ gained, lost }) =>
    [...gained.rows.slice(0, DIFFERING_SHOWN), ...lost.rows.slice(0, DIFFERING_SHOWN)].map(({ sample }) => sample),
  );
  return shown.map((sample) => [sample, own === null ? keys!.keyAt(sample) : own[sample]!]);
}
