/** Candidates that are handed in as configs: kept in order, and answered with one bit once their time has come. */
import { createHash } from "node:crypto";
import { and, count, eq, isNull, max } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { loopAnswers, loopCandidates } from "../../db/schema/studies.ts";
import { type Actor, actorKey } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { requireStill } from "../access/standing.ts";
import { ProblemError, parse } from "../problem.ts";
import { recipeText } from "../referee/recipe.ts";
import { requireStudy } from "../studies/studies.ts";
import type { Config } from "../wire/base/config.ts";
import { type CandidateAnswer, candidateInputSchema } from "../wire/studies/candidates.ts";
import { requireLoop, ruleOf } from "./loops.ts";
import { lockStudy } from "./rule.ts";

export type CandidateRow = typeof loopCandidates.$inferSelect;

/** Candidates of one actor in one loop that wait at once. */
const WAITING_MAX = 100;

/**
 * Hands a candidate in: workers train it, and the referee rules. The same config handed in again, whatever its seeds, answers
 * for the one that is there: `pending` until the time to tell has come, then `keep` or `discard`.
 */
export async function submitCandidate(actor: Actor, studyId: string, input: unknown): Promise<CandidateAnswer> {
  await requireStudy(actor, studyId, "candidates.submit");
  const { config } = parse(candidateInputSchema, input);
  const loop = await requireLoop(studyId);
  const { seedKeys, milestones } = ruleOf(loop);
  if (milestones)
    throw new ProblemError("conflict", "a loop of milestones takes candidates by their runs, at POST …/rulings");
  const digest = digestOf(config, seedKeys);
  return connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "candidates.submit", loop.projectId);
    const locked = await lockStudy(tx, studyId);
    const there = await findCandidate(tx, studyId, actorKey(actor), digest);
    if (there) return answerTo(tx, there);
    if (locked.status === "concluded")
      throw new ProblemError("conflict", "the study is concluded: its loop takes no candidate any more");
    await requireRoom(tx, studyId, actorKey(actor));
    const [last] = await tx
      .select({ number: max(loopCandidates.number) })
      .from(loopCandidates)
      .where(eq(loopCandidates.studyId, studyId));
    const [made] = await tx
      .insert(loopCandidates)
      .values({
        studyId,
        number: (last?.number ?? 0) + 1,
        id: uuidv7(),
        projectId: loop.projectId,
        config,
        digest,
        isBlind: actor.kind === "token" && actor.scope === "submit",
        handedBy: actor.name,
        handedByActor: actorKey(actor),
      })
      .returning();
    const subject = `study:${studyId}`;
    const detail = { candidate: made!.number };
    await recordAct(tx, actor, { action: "loop.candidate", subject, projectId: loop.projectId, detail });
    return answerTo(tx, made!);
  });
}

/** Of what is handed in: which code trains it, nobody who hands it in says. */
const digestOf = (config: Config, seedKeys: readonly string[]): string =>
  createHash("sha256")
    .update(recipeText({ code: "", manifest: "", config }, seedKeys))
    .digest("hex");

async function findCandidate(
  tx: Executor,
  studyId: string,
  handedByActor: string,
  digest: string,
): Promise<CandidateRow | undefined> {
  const [row] = await tx
    .select()
    .from(loopCandidates)
    .where(
      and(
        eq(loopCandidates.studyId, studyId),
        eq(loopCandidates.handedByActor, handedByActor),
        eq(loopCandidates.digest, digest),
      ),
    );
  return row;
}

async function requireRoom(tx: Executor, studyId: string, handedByActor: string): Promise<void> {
  const [waiting] = await tx
    .select({ count: count() })
    .from(loopCandidates)
    .leftJoin(
      loopAnswers,
      and(eq(loopAnswers.studyId, loopCandidates.studyId), eq(loopAnswers.number, loopCandidates.number)),
    )
    .where(
      and(
        eq(loopCandidates.studyId, studyId),
        eq(loopCandidates.handedByActor, handedByActor),
        isNull(loopAnswers.number),
      ),
    );
  if ((waiting?.count ?? 0) >= WAITING_MAX)
    throw new ProblemError("conflict", `${WAITING_MAX} candidates wait: hand in more once some are answered`);
}

/** Nothing but the bit: no reason, figure or time, and the bit not before its time. */
async function answerTo(tx: Executor, { studyId, number, id }: CandidateRow): Promise<CandidateAnswer> {
  const [answer] = await tx
    .select()
    .from(loopAnswers)
    .where(and(eq(loopAnswers.studyId, studyId), eq(loopAnswers.number, number)));
  const isShown = answer !== undefined && answer.shownAt.getTime() <= Date.now();
  return { candidate: id, ruling: isShown ? answer.ruling : "pending" };
}

const MINUTE_MS = 60_000;

/**
 * When an answer is told: `minutes` after the candidate was handed in, or where it wasn't decided by then the next multiple
 * of that, and then its lateness tells something too. 0: at once.
 */
export function whenShown(handedAt: Date, decidedAt: Date, minutes: number): { shownAt: Date; isLate: boolean } {
  const waited = decidedAt.getTime() - handedAt.getTime();
  if (minutes === 0) return { shownAt: decidedAt, isLate: true };
  const turns = Math.max(1, Math.ceil(waited / (minutes * MINUTE_MS)));
  return { shownAt: new Date(handedAt.getTime() + turns * minutes * MINUTE_MS), isLate: turns > 1 };
}
