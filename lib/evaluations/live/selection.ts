/** How much the best of several candidates owes to luck, from what each answered on validation. */
import { inArray } from "drizzle-orm";
import { connections } from "../../../db/connection.ts";
import { evaluations } from "../../../db/schema/evaluations.ts";
import { BoundedMap } from "../../bounded-map.ts";
import { isUndefined } from "../../statistics/measured.ts";
import { quantileOf } from "../../statistics/moments.ts";
import { drawBags } from "../../statistics/resampling/bootstrap.ts";
import { biasCorrectedBest } from "../../statistics/selection/bias-corrected.ts";
import { expectedBest } from "../../statistics/selection/expected-best.ts";
import { selectionNoise } from "../../statistics/selection/selection-noise.ts";
import { type MetricName, metricFacts } from "../../wire/evaluations/metrics.ts";
import { readEvaluated, requireComplete } from "../read-evaluated.ts";
import type { ListedEvaluation } from "./listed.ts";

export type Luck = {
  best: number;
  /** The best, less what luck gave it (BBC), with its percentile interval. */
  corrected: number;
  low: number;
  high: number;
  /** Luck where all candidates are equally good. */
  optimism: number;
};

export type Selection = {
  metric: MetricName;
  candidates: { run: string; name: string; value: number }[];
  /** By n = 1 … N: the mean of the best of n, and its standard deviation. */
  expected: { best: number[]; sd: number[] };
  /** Null: the answers are no classes, or too many to be resampled while somebody waits. */
  luck: Luck | null;
};

/** Candidates × samples that are resampled while a page is read. */
const ANSWERS_MAX = 1_000_000;
const BAGS = 200;
const SEED = 1;
const remembered = new BoundedMap<string, Promise<Luck | null>>(50);

/** Null where fewer than two runs were evaluated on validation. `beside` is what the reader may see. */
export async function readSelection(beside: ListedEvaluation[]): Promise<Selection | null> {
  const newest = beside.filter(
    (one, at) =>
      one.split === "validation" &&
      typeof one.lead?.value === "number" &&
      beside.findIndex(({ run, split }) => run === one.run && split === "validation") === at,
  );
  const metric = newest[0]?.lead?.metric;
  const candidates = newest.filter(({ lead }) => lead!.metric === metric);
  if (metric === undefined || candidates.length < 2) return null;
  const values = candidates.map(({ lead }) => lead!.value as number);
  const { unbiased, sdBiased } = expectedBest(values, metricFacts[metric].better === "max" ? "max" : "min");
  const isSmall = candidates.length * candidates[0]!.samples <= ANSWERS_MAX;
  return {
    metric,
    candidates: candidates.map(({ run, runName }, at) => ({ run, name: runName, value: values[at]! })),
    expected: { best: unbiased, sd: sdBiased },
    luck: metric === "accuracy" && isSmall ? await readLuck(candidates) : null,
  };
}

function readLuck(candidates: ListedEvaluation[]): Promise<Luck | null> {
  const key = candidates.map(({ id }) => id).join();
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const found = luckOf(candidates);
  remembered.set(key, found);
  found.catch(() => remembered.delete(key));
  return found;
}

async function luckOf(candidates: ListedEvaluation[]): Promise<Luck | null> {
  const records = await connections()
    .db.select()
    .from(evaluations)
    .where(
      inArray(
        evaluations.id,
        candidates.map(({ id }) => id),
      ),
    )
    .limit(candidates.length);
  const right: Uint8Array[] = [];
  for (const record of records) {
    const { file } = await requireComplete(record.runId, record.id);
    const evaluated = await readEvaluated(record, file);
    if (evaluated.task !== "classification") return null;
    const { truth, predicted } = evaluated;
    right.push(Uint8Array.from(truth, (of, at) => (of === predicted[at] ? 1 : 0)));
  }
  const noise = selectionNoise(right);
  const bags = drawBags(right[0]!.length, { resamples: BAGS, seed: SEED });
  const { naive, estimate, replicates } = biasCorrectedBest(right, bags);
  if (isUndefined(naive) || isUndefined(estimate) || "undefined" in noise) return null;
  return {
    best: naive,
    corrected: estimate,
    low: quantileOf(Float64Array.from(replicates), 0.025),
    high: quantileOf(Float64Array.from(replicates), 0.975),
    optimism: noise.optimism,
  };
}
