/** What a test evaluation releases where its project shows no report of it: a rung of the ladder, or one bit. */
import { and, desc, eq, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { locks } from "../../db/locks.ts";
import { evaluationReleases } from "../../db/schema/evaluations.ts";
import { parameterFreeRung } from "../statistics/reuse/ladder.ts";
import type { EvaluationRecord } from "./evaluations.ts";
import type { Evaluated } from "./measures/evaluated.ts";
import { isBetter, lossesOf } from "./measures/losses.ts";
import { readEvaluated, requireComplete } from "./read-evaluated.ts";
import { testModeOf } from "./sight.ts";

export type ReleaseRow = typeof evaluationReleases.$inferSelect;
export type EvaluationPlace = { runId: string; id: string };

/** The test evaluation that speaks for the champion of a project on a manifest; null: there is none on this test split. */
export type FindIncumbent = (
  of: Pick<EvaluationRecord, "projectId" | "manifestId" | "splitDigest">,
) => Promise<EvaluationPlace | null>;

/**
 * Stores what a complete test evaluation releases, once; of a project that shows reports there is nothing to store. Evaluations
 * of one test split take turns: each is measured beside the best before it, or for a bit beside the champion's.
 */
export async function storeRelease(
  evaluation: EvaluationRecord,
  evaluated: Evaluated,
  findIncumbent: FindIncumbent,
): Promise<void> {
  const { runId, id, projectId, splitDigest, split } = evaluation;
  const mode = split === "test" ? await testModeOf(projectId) : "open";
  if (mode !== "ladder" && mode !== "one-bit") return;
  const champion = mode === "one-bit" ? await findIncumbent(evaluation) : null;
  await connections().db.transaction(async (tx) => {
    const turn = sql`hashtextextended(${`${projectId} ${splitDigest}`}::text, ${locks.releases}::bigint)`;
    await tx.execute(sql`select pg_advisory_xact_lock(${turn})`);
    if ((await findRelease(tx, runId, id)) !== null) return;
    const beside = champion ?? (await findBest(tx, projectId, splitDigest));
    const other = beside && lossesOf(await readAgain(beside));
    const told = mode === "ladder" ? rungOf(evaluated, other) : { better: isBetterThan(evaluated, other), loss: null };
    // the moment now, and not when the transaction began: whoever waited comes later
    const [clock] = await tx.execute<{ at: string }>(sql`select clock_timestamp() as at`);
    await tx.insert(evaluationReleases).values({
      runId,
      evaluationId: id,
      projectId,
      testDigest: splitDigest,
      mode,
      ...told,
      besideRunId: beside?.runId ?? null,
      besideEvaluationId: beside?.id ?? null,
      createdAt: new Date(clock!.at),
    });
  });
}

function rungOf(evaluated: Evaluated, best: Float64Array | null): { better: boolean; loss: number } {
  const { accepted, released } = parameterFreeRung(lossesOf(evaluated), best);
  return { better: accepted, loss: rounded(evaluated, released) };
}

/** A loss of 0 to 1 to one sample, as the rule has it; a squared error, which has a unit, to three digits. */
const rounded = ({ task, samples }: Evaluated, loss: number): number =>
  task === "regression" ? Number(loss.toPrecision(3)) : Math.round(loss * samples) / samples;

const isBetterThan = (evaluated: Evaluated, other: Float64Array | null): boolean =>
  other === null || isBetter(evaluated, lossesOf(evaluated), other);

async function readAgain({ runId, id }: EvaluationPlace): Promise<Evaluated> {
  const { evaluation, file } = await requireComplete(runId, id);
  return readEvaluated(evaluation, file);
}

export async function findRelease(db: Executor, runId: string, id: string): Promise<ReleaseRow | null> {
  const [found] = await db
    .select()
    .from(evaluationReleases)
    .where(and(eq(evaluationReleases.runId, runId), eq(evaluationReleases.evaluationId, id)));
  return found ?? null;
}

async function findBest(db: Executor, projectId: string, testDigest: string): Promise<EvaluationPlace | null> {
  const [found] = await db
    .select({ runId: evaluationReleases.runId, id: evaluationReleases.evaluationId })
    .from(evaluationReleases)
    .where(
      and(
        eq(evaluationReleases.projectId, projectId),
        eq(evaluationReleases.testDigest, testDigest),
        eq(evaluationReleases.better, true),
      ),
    )
    .orderBy(desc(evaluationReleases.createdAt))
    .limit(1);
  return found ?? null;
}
