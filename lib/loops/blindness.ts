/** How little a loop learns where its candidates are handed in blind, and what that bounds. */
import { and, eq, sql } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { manifests } from "../../db/schema/manifests.ts";
import { loopAnswers, loopCandidates } from "../../db/schema/studies.ts";
import { findRefereeSplit } from "../manifests/referee-split.ts";
import { keepBudget } from "../statistics/reuse/budget.ts";
import type { Blindness } from "../wire/studies/loops.ts";
import type { Study } from "../wire/studies/studies.ts";
import type { KeptState } from "./loops.ts";

/** Null where no candidate was handed in blind, or one was handed in by somebody who learns more. */
export async function readBlindness(
  db: Executor,
  study: Study,
  { projectId, state }: { projectId: string; state: KeptState },
): Promise<Blindness | null> {
  if (state.provisional) return readSplitBlindness(db, study, { projectId, state });
  if (state.isOpen !== false) return null;
  const [told] = await db
    .select({
      handed: sql<number>`count(*)::int`,
      answers: sql<number>`count(${loopAnswers.number})::int`,
      keeps: sql<number>`(count(*) filter (where ${loopAnswers.ruling} = 'keep'))::int`,
      late: sql<number>`(count(*) filter (where ${loopAnswers.isLate}))::int`,
    })
    .from(loopCandidates)
    .leftJoin(
      loopAnswers,
      and(eq(loopAnswers.studyId, loopCandidates.studyId), eq(loopAnswers.number, loopCandidates.number)),
    )
    .where(and(eq(loopCandidates.studyId, study.id), eq(loopCandidates.isBlind, true)));
  if (!told || told.handed === 0) return null;
  const { answers, keeps, late } = told;
  // who waits sees what comes late: RIGOUR 4.11 counts such an answer as of three outcomes
  const outcomes = late > 0 ? 3 : 2;
  const samples = await countSamples(db, study);
  return bounded({ by: "workers", answers, keeps, outcomes, samples });
}

/** Null where the labels of the referee split can be read in its manifest. */
async function readSplitBlindness(
  db: Executor,
  { manifest }: Study,
  { projectId, state }: { projectId: string; state: KeptState },
): Promise<Blindness | null> {
  const split = manifest === null ? null : await findRefereeSplit(db, projectId, manifest);
  if (!split?.isSealed) return null;
  const { spent: answers, keeps } = state;
  return bounded({ by: "split", answers, keeps: keeps.length, outcomes: 2, samples: split.samples });
}

function bounded(told: Omit<Blindness, "bits" | "halfWidth">): Blindness {
  const { answers, keeps, outcomes, samples } = told;
  if (answers === 0) return { ...told, bits: 0, halfWidth: null };
  const budget = keepBudget({ n: samples ?? 1, verdicts: answers, keeps, outcomes });
  const bits = Math.min(budget.bitsFull, budget.bitsSparse ?? Number.POSITIVE_INFINITY);
  return { ...told, bits, halfWidth: samples === null ? null : budget.use };
}

async function countSamples(db: Executor, { manifest, objective }: Study): Promise<number | null> {
  if (manifest === null || objective.split !== "validation") return null;
  const [row] = await db.select({ count: manifests.validationCount }).from(manifests).where(eq(manifests.id, manifest));
  return row && row.count > 0 ? row.count : null;
}
