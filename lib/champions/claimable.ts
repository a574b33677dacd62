/** What somebody who wants to claim a run is offered: rules, evidence that is there, and what stands in the way. */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { ProblemError } from "../problem.ts";
import { requireRun } from "../runs/runs.ts";
import type { Evidence, Rule } from "../wire/champions.ts";
import { type MetricName, metricFacts } from "../wire/evaluations/metrics.ts";
import { requireClaimable } from "./claim.ts";
import { listReported, toEvidence } from "./evidence.ts";
import { championsOf, readClaims } from "./history.ts";
import { listRules } from "./rules.ts";

export type Claimable = {
  run: { id: string; name: string; projectId: string };
  /** Why it can't be claimed; null: nothing stands in the way. */
  refusal: string | null;
  /** Of the manifest, the newest first. */
  rules: Rule[];
  /** Done evaluations whose numbers the actor may see, the newest first. */
  evaluations: (Evidence & { checkpoint: string; step: number; createdAt: string })[];
  /** Metrics of these by which a best can be told, each with its direction. */
  metrics: { metric: MetricName; direction: "min" | "max" }[];
  /** The champion now, by the name of its run; null: there is none. */
  champion: { run: string; claimId: string } | null;
};

/** Throws `not-found` for a run that isn't there, `forbidden` for who may not claim. */
export async function readClaimable(actor: Actor, runId: string): Promise<Claimable> {
  const run = await requireRun(actor, runId);
  const { projectId, name } = run;
  authorise(actor, "champions.claim", projectId);
  const nothing = { rules: [], evaluations: [], metrics: [], champion: null };
  const base = { run: { id: runId, name, projectId }, refusal: null };
  let manifestId: string;
  try {
    manifestId = await requireClaimable(actor, projectId, runId);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { ...base, ...nothing, refusal: error.detail };
  }
  const place = { projectId, manifestId };
  const [rules, reported, claims] = await Promise.all([
    listRules(actor, place),
    listReported(runId),
    readClaims(place),
  ]);
  const evidence = await Promise.all(
    reported
      .filter(({ evaluation }) => evaluation.manifestId === manifestId)
      .map(async (one) => ({
        ...(await toEvidence(actor, one)),
        checkpoint: one.evaluation.checkpointId,
        step: one.evaluation.step,
        createdAt: one.evaluation.createdAt.toISOString(),
      })),
  );
  const evaluations = evidence.filter(({ metrics }) => metrics !== null);
  const [champion] = championsOf(claims);
  const named = champion && (await requireRun(actor, champion.claim.runId)).name;
  const refusal = evaluations.length > 0 ? null : "evidence: the run isn't evaluated yet; evaluate it first";
  return {
    ...base,
    refusal,
    rules,
    evaluations,
    metrics: metricsOf(evaluations),
    champion: champion ? { run: named!, claimId: champion.claim.id } : null,
  };
}

function metricsOf(evaluations: Evidence[]): Claimable["metrics"] {
  const names = new Set(
    evaluations.flatMap(({ metrics }) =>
      (metrics ?? []).filter(({ value }) => typeof value === "number").map(({ metric }) => metric),
    ),
  );
  return [...names].flatMap((metric) => {
    const { better } = metricFacts[metric];
    return better === "zero" ? [] : [{ metric, direction: better }];
  });
}
