/** At which epoch a run was best by its project's primary metric. */
import { and, eq } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import { series } from "../../db/schema/series.ts";
import type { Actor } from "../access/actor.ts";
import { locateRun } from "../runs/runs.ts";

/** The metric that trainers log it as, which belongs to no split. */
const EPOCH = "epoch";

/** The epoch at `step`, or the last that was logged before it; null where `step` isn't the best that is known. */
export async function findEpochAtBest(actor: Actor, runId: string, step: number): Promise<number | null> {
  await locateRun(actor, runId, "runs.read");
  const [row] = await connections()
    .db.select({ epoch: series.atBest })
    .from(runs)
    .innerJoin(series, eq(series.runId, runs.id))
    .where(and(eq(runs.id, runId), eq(runs.bestStep, step), eq(series.split, "none"), eq(series.metric, EPOCH)));
  return row?.epoch ?? null;
}
