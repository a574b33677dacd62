/** Runs of a loop by their recipe: noted when they are handed in, and read for a ruling. */
import { and, asc, desc, eq, inArray, max } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { loopRuns, loops, rulings } from "../../db/schema/studies.ts";
import type { LoopRun } from "./handed-in.ts";
import { type KeptState, type LoopRow, toRow } from "./loops.ts";

/** Notes runs that weren't handed in before, as they are now. */
export async function keepRuns(tx: Executor, { studyId, projectId }: LoopRow, handed: LoopRun[]): Promise<void> {
  const known = await tx
    .select({ runId: loopRuns.runId })
    .from(loopRuns)
    .where(
      and(
        eq(loopRuns.studyId, studyId),
        inArray(
          loopRuns.runId,
          handed.map(({ runId }) => runId),
        ),
      ),
    );
  const there = new Set(known.map(({ runId }) => runId));
  const fresh = handed.filter(({ runId }) => !there.has(runId));
  if (fresh.length === 0) return;
  const [last] = await tx
    .select({ number: max(loopRuns.number) })
    .from(loopRuns)
    .where(eq(loopRuns.studyId, studyId));
  const first = (last?.number ?? 0) + 1;
  await tx.insert(loopRuns).values(fresh.map((run, at) => ({ ...toRow(run), studyId, projectId, number: first + at })));
}

export type Sides = { candidate: LoopRun[]; incumbent: LoopRun[] };

/** Runs of both recipes, each seed once; of the incumbent those that don't count yet. */
export async function readSides(tx: Executor, studyId: string, recipe: string, state: KeptState): Promise<Sides> {
  const rows = await tx
    .select()
    .from(loopRuns)
    .where(and(eq(loopRuns.studyId, studyId), inArray(loopRuns.recipe, [recipe, state.incumbent.recipe])))
    .orderBy(asc(loopRuns.number));
  const once = (some: typeof rows) => some.filter(({ seed }, at) => some.findIndex((one) => one.seed === seed) === at);
  const of = (wanted: string) => once(rows.filter((row) => row.recipe === wanted));
  return {
    candidate: recipe === state.incumbent.recipe ? [] : of(recipe),
    incumbent: of(state.incumbent.recipe).filter(({ runId }) => !state.counted.includes(runId)),
  };
}

/** What was ruled of a recipe for good: it was kept, discarded, or replaced as the incumbent. Null: nothing. */
export async function judgedBefore(
  db: Executor,
  studyId: string,
  recipe: string,
  state: KeptState,
): Promise<"keep" | "discard" | null> {
  if (recipe === state.incumbent.recipe) return null;
  const [ruled] = await db
    .select({ ruling: rulings.ruling })
    .from(rulings)
    .where(and(eq(rulings.studyId, studyId), eq(rulings.recipe, recipe), inArray(rulings.ruling, ["keep", "discard"])))
    .orderBy(desc(rulings.number))
    .limit(1);
  if (ruled) return "discard";
  const [loop] = await db.select({ first: loops.firstRecipe }).from(loops).where(eq(loops.studyId, studyId));
  return loop?.first === recipe ? "discard" : null;
}
