/** Two to twenty evaluations of a project, each against the first, on the samples that all of them have. */
import type { Actor } from "../../access/actor.ts";
import { BoundedMap } from "../../bounded-map.ts";
import { findThumbnailed } from "../../manifests/samples.ts";
import { invalid, ProblemError } from "../../problem.ts";
import { InputError } from "../../statistics/inputs.ts";
import { type MetricName, metricFacts, metricNames } from "../../wire/evaluations/metrics.ts";
import { COMPARED_MAX, type PairedData } from "../../wire/evaluations/paired.ts";
import { type EvaluationRecord, locateEvaluation } from "../evaluations.ts";
import { requireEvaluable } from "../may-evaluate.ts";
import type { Evaluated } from "../measures/evaluated.ts";
import { comparePaired } from "../paired/paired.ts";
import { readEvaluated, requireComplete } from "../read-evaluated.ts";
import { requireSight } from "../sight.ts";
import { readSplitKeys } from "../split-keys.ts";
import { placeOfSplit } from "../truth.ts";
import { isSealed } from "./report-page.ts";
import { subsetOf } from "./subset.ts";

export type EvaluationPair = { run: string; evaluation: string };

export type Comparison = {
  data: PairedData;
  /** Of the samples that are shown, by their place; empty where labels are sealed. */
  keys: Map<number, string>;
  pictured: Set<string>;
  /** Samples of the largest split that aren't among those compared; 0: all have the same samples. */
  leftOut: number;
  sealed: boolean;
  /** Metrics by which these can be compared. */
  metrics: MetricName[];
  manifest: string;
  classes: string[] | null;
};

type Asked = { projectId: string; metric: MetricName | null; smallest: number | null };
type Compared = { record: EvaluationRecord; evaluated: Evaluated; keys: string[] | null };

/** Of what everybody looks at first. */
const firstMetric = { classification: "accuracy", regression: "mae", segmentation: "image-mean-iou" } as const;
const SEED = 1;
/** Differing samples of each comparison that are shown, of those that gained and those that lost. */
export const DIFFERING_SHOWN = 12;
const remembered = new BoundedMap<string, PairedData>(100);

/** Throws `invalid` where the evaluations can't be compared, `forbidden` where the actor may not see one of them. */
export async function compareEvaluations(actor: Actor, pairs: EvaluationPair[], asked: Asked): Promise<Comparison> {
  if (pairs.length < 2 || pairs.length > COMPARED_MAX)
    throw invalid("e", `${pairs.length} evaluations; a comparison takes two to ${COMPARED_MAX}`);
  const records: EvaluationRecord[] = [];
  for (const { run, evaluation } of pairs) {
    const record = await locateEvaluation(actor, run, evaluation, "evaluations.read");
    if (record.projectId !== asked.projectId) throw new ProblemError("not-found", "the project has no such evaluation");
    await requireSight(actor, record);
    records.push(record);
  }
  if (new Set(records.map(({ id }) => id)).size < records.length)
    throw invalid("e", "an evaluation stands there twice");
  const [first] = records as [EvaluationRecord, ...EvaluationRecord[]];
  const other = records.find(({ task }) => task !== first.task);
  if (other) throw invalid("e", `${first.task} and ${other.task} aren't compared`);
  await requireUnseen(actor, records);
  const { models, leftOut } = await readModels(records);
  const metric = asked.metric ?? firstMetric[first.task];
  const key = JSON.stringify([records.map(({ id }) => id), metric, asked.smallest]);
  const data = remembered.get(key) ?? compare(models, { metric, smallest: asked.smallest });
  remembered.set(key, data);
  const place = await placeOfSplit(first);
  const sealed = (await Promise.all(records.map(async (record) => isSealed(await placeOfSplit(record))))).includes(
    true,
  );
  const keys = sealed ? new Map<number, string>() : await keysOf(data, models[0]!.keys, first);
  return {
    data,
    keys,
    pictured: await findThumbnailed(place.datasetNumber, [...keys.values()]),
    leftOut,
    sealed,
    metrics: metricNames.filter((name) => metricFacts[name].task === first.task && metricFacts[name].better !== "zero"),
    manifest: first.manifestId,
    classes: first.classes,
  };
}

function compare(
  models: Compared[],
  { metric, smallest }: { metric: MetricName; smallest: number | null },
): PairedData {
  try {
    return comparePaired(
      models.map(({ evaluated }) => evaluated),
      { metric, smallest, seed: SEED },
    );
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw invalid("e", error.message);
  }
}

/** Refuses runs that were trained or tuned on another's test samples: theirs would be a number of what they learnt. */
async function requireUnseen(actor: Actor, records: EvaluationRecord[]): Promise<void> {
  const manifests = new Set(records.filter(({ split }) => split === "test").map(({ manifestId }) => manifestId));
  if (manifests.size < 2) return;
  for (const { runId } of records) for (const manifest of manifests) await requireEvaluable(actor, runId, manifest);
}

async function readModels(records: EvaluationRecord[]): Promise<{ models: Compared[]; leftOut: number }> {
  const [first] = records;
  const isSame = records.every(
    ({ splitDigest, manifestId }) => splitDigest === first!.splitDigest && manifestId === first!.manifestId,
  );
  const read = async (record: EvaluationRecord) =>
    readEvaluated(record, (await requireComplete(record.runId, record.id)).file);
  if (isSame) {
    const models: Compared[] = [];
    for (const record of records) models.push({ record, evaluated: await read(record), keys: null });
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
  if (shared.size === 0) throw invalid("e", "the evaluations have no sample in common");
  const models: Compared[] = [];
  for (const [at, record] of records.entries()) {
    const keys = allKeys[at]!;
    const places = keys.flatMap((key, place) => (shared.has(key) ? [place] : []));
    models.push({ record, evaluated: subsetOf(await read(record), places), keys: places.map((place) => keys[place]!) });
  }
  return { models, leftOut: Math.max(...records.map(({ samples }) => samples)) - shared.size };
}

/** The keys of the samples that a page shows. */
async function keysOf(data: PairedData, own: string[] | null, record: EvaluationRecord): Promise<Map<number, string>> {
  const keys = own === null ? await readSplitKeys(await placeOfSplit(record)) : null;
  const shown = data.comparisons.flatMap(({ gained, lost }) =>
    [...gained.rows.slice(0, DIFFERING_SHOWN), ...lost.rows.slice(0, DIFFERING_SHOWN)].map(({ sample }) => sample),
  );
  return new Map(shown.map((sample) => [sample, own === null ? keys!.keyAt(sample) : own[sample]!]));
}
