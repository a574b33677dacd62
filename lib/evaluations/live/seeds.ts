/** The same recipe under other seeds, on the same split. */
import { connections } from "../../../db/connection.ts";
import { outperformance } from "../../statistics/hypothesis-tests/outperformance.ts";
import { meanInterval } from "../../statistics/intervals/mean.ts";
import { isUndefined } from "../../statistics/measured.ts";
import type { Evaluation } from "../../wire/evaluations/evaluations.ts";
import { type MetricName, metricFacts } from "../../wire/evaluations/metrics.ts";
import type { ListedEvaluation } from "./listed.ts";

export type Seeds = {
  runs: { run: string; name: string; seed: number | null; value: number }[];
  mean: number;
  sd: number;
  /** Student's interval of the mean over seeds. */
  low: number;
  high: number;
};

/**
 * How often another seed of one recipe beats another seed of the other: P(A > B) + ½ P(A = B) over all pairs, 0–1 (Bouthillier
 * et al. 2021). Null where a recipe has fewer than two seeds on the split.
 */
export function outperforms(ours: Seeds | null, theirs: Seeds | null, metric: MetricName): number | null {
  if (ours === null || theirs === null) return null;
  const sign = metricFacts[metric].better === "min" ? -1 : 1;
  const scores = ({ runs }: Seeds) => runs.map(({ value }) => sign * value);
  const found = outperformance(scores(ours), scores(theirs));
  return typeof found === "number" ? found : null;
}

/** Null where fewer than two runs of the recipe were evaluated on the split. `beside` is what the reader may see. */
export async function readSeeds(
  evaluation: Pick<Evaluation, "run" | "split" | "splitDigest">,
  beside: ListedEvaluation[],
): Promise<Seeds | null> {
  const { sql } = connections();
  const replicates = await sql<{ id: string; name: string; seed: number | null }[]>`
    select r.id, r.name, r.seed::float8 as seed from runs r
    join runs this on this.id = ${evaluation.run} and r.project_id = this.project_id
      and r.replicate_key = this.replicate_key
    where r.deleted_at is null order by r.id limit 200`;
  const runs = replicates.flatMap(({ id, name, seed }) => {
    const found = beside.find(
      (one) => one.run === id && one.split === evaluation.split && one.splitDigest === evaluation.splitDigest,
    );
    const value = found?.lead?.value;
    return typeof value === "number" ? [{ run: id, name, seed, value }] : [];
  });
  // to repeat a seed tells nothing new
  const distinct = runs.filter(({ seed }, at) => seed === null || runs.findIndex((one) => one.seed === seed) === at);
  const { mean, sd, interval } = meanInterval(distinct.map(({ value }) => value));
  if (isUndefined(mean) || isUndefined(sd) || isUndefined(interval)) return null;
  return { runs: distinct, mean, sd, low: interval[0], high: interval[1] };
}
