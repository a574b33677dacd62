/** Two to twenty evaluations of a project, each against the first, on the samples that all of them have. */
import type { Actor } from "../../access/actor.ts";
import { findThumbnailed } from "../../manifests/samples.ts";
import { invalid, ProblemError } from "../../problem.ts";
import { type MetricName, metricFacts, metricNames } from "../../wire/evaluations/metrics.ts";
import { COMPARED_MAX, type PairedData } from "../../wire/evaluations/paired.ts";
import { type EvaluationRecord, locateEvaluation } from "../evaluations.ts";
import { requireEvaluable } from "../may-evaluate.ts";
import { requireSight } from "../sight.ts";
import { placeOfSplit } from "../truth.ts";
import { pairEvaluations } from "./pairing.ts";
import { isSealed } from "./report-page.ts";

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

/** Of what everybody looks at first. */
const firstMetric = { classification: "accuracy", regression: "mae", segmentation: "image-mean-iou" } as const;

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
  const metric = asked.metric ?? firstMetric[first.task];
  const { data, keys, leftOut } = await pairEvaluations(records, { metric, smallest: asked.smallest }, { field: "e" });
  const place = await placeOfSplit(first);
  const sealed = (await Promise.all(records.map(async (record) => isSealed(await placeOfSplit(record))))).includes(
    true,
  );
  const shown = new Map(sealed ? [] : keys);
  return {
    data,
    keys: shown,
    pictured: await findThumbnailed(place.datasetNumber, [...shown.values()]),
    leftOut,
    sealed,
    metrics: metricNames.filter((name) => metricFacts[name].task === first.task && metricFacts[name].better !== "zero"),
    manifest: first.manifestId,
    classes: first.classes,
  };
}

/** Refuses runs that were trained or tuned on another's test samples: theirs would be a number of what they learnt. */
async function requireUnseen(actor: Actor, records: EvaluationRecord[]): Promise<void> {
  const manifests = new Set(records.filter(({ split }) => split === "test").map(({ manifestId }) => manifestId));
  if (manifests.size < 2) return;
  for (const { runId } of records) for (const manifest of manifests) await requireEvaluable(actor, runId, manifest);
}
