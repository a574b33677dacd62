/** A ruling's row: written once, with the figures that it saw and the loop after it. */
import { eq, max } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { Executor } from "../../db/connection.ts";
import { rulings } from "../../db/schema/studies.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import type { RulingAnswer } from "../wire/studies/loops.ts";
import type { LoopRun } from "./handed-in.ts";
import { type KeptState, type LoopRow, type StoredFigures, toRuling } from "./loops.ts";

/** Who acts, who asked for the ruling by name and `actorKey`, and whether they learn one bit of it alone. */
export type Asker = { actor: Actor; name: string; key: string; isBlind: boolean };

type Told = Pick<RulingAnswer, "ruling" | "reason" | "recipe"> & {
  loop: LoopRow;
  handed: LoopRun[];
  /** A run of the recipe. */
  run: string;
  figures: StoredFigures;
  after: Omit<KeptState, "handed">;
};

export async function store(tx: Executor, { actor, name, key }: Asker, told: Told): Promise<RulingAnswer> {
  const { loop, handed, recipe, run, ruling, reason, figures, after } = told;
  const { studyId, projectId } = loop;
  const [last] = await tx
    .select({ number: max(rulings.number) })
    .from(rulings)
    .where(eq(rulings.studyId, studyId));
  const [row] = await tx
    .insert(rulings)
    .values({
      id: uuidv7(),
      studyId,
      projectId,
      number: (last?.number ?? 0) + 1,
      recipe,
      runId: run,
      ruling,
      reason,
      figures,
      after: { ...after, handed: handed.map(({ runId }) => runId).sort() },
      askedBy: name,
      askedByActor: key,
    })
    .returning();
  const detail = { ruling, reason };
  await recordAct(tx, actor, { action: "loop.ruling", subject: `study:${studyId}`, projectId, detail });
  return toRuling(row!);
}
