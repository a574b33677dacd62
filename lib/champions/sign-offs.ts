/** What members say of a claim: yes or no by somebody else than who made it, and written words. */
import { eq } from "drizzle-orm";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { claims, claimWords, signOffs } from "../../db/schema/champions.ts";
import { type Actor, actorKey } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { requireStill } from "../access/standing.ts";
import { noticeRun } from "../live/notices.ts";
import { ProblemError, parse } from "../problem.ts";
import { longText } from "../wire/base/text.ts";
import { signOffInputSchema } from "../wire/champions.ts";
import { announcingChange } from "./announce-change.ts";
import type { ClaimRow } from "./history.ts";

/** Throws `not-found` where the project has no such claim. */
export async function requireClaim(projectId: string, claimId: string): Promise<ClaimRow> {
  const [claim] = isUuid(claimId) ? await connections().db.select().from(claims).where(eq(claims.id, claimId)) : [];
  if (claim?.projectId !== projectId)
    throw new ProblemError("not-found", `this project has no claim ${JSON.stringify(claimId)}`);
  return claim;
}

/**
 * Signs a claim off, or refuses it with a word; a refused one stands no longer. The newest of a member holds. Throws
 * `conflict` for who made the claim.
 */
export async function signClaim(actor: Actor, projectId: string, claimId: string, input: unknown): Promise<void> {
  authorise(actor, "champions.claim", projectId);
  const { approves, word } = parse(signOffInputSchema, input);
  const claim = await requireClaim(projectId, claimId);
  if (claim.claimedByActor === actorKey(actor))
    throw new ProblemError("conflict", "who made a claim can't sign it off; another member can");
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "champions.claim", projectId);
    await insertSignOff(tx, actor, claim, { approves, word });
  });
  noticeRun(claim.runId);
}

/** Whose review approved a claim signs it off by that, unless the claim is their own. Returns its run. */
export async function signReviewed(tx: Executor, actor: Actor, claimId: string, word: string): Promise<string | null> {
  const [claim] = await tx.select().from(claims).where(eq(claims.id, claimId));
  if (!claim || claim.claimedByActor === actorKey(actor)) return null;
  await insertSignOff(tx, actor, claim, { approves: true, word });
  return claim.runId;
}

async function insertSignOff(
  tx: Executor,
  actor: Actor,
  claim: ClaimRow,
  { approves, word }: { approves: boolean; word: string },
): Promise<void> {
  const { id: claimId, runId, projectId } = claim;
  const signed = { signedBy: actor.name, signedByActor: actorKey(actor) };
  await announcingChange(tx, claim, async () => {
    await tx.insert(signOffs).values({ id: uuidv7(), claimId, approves, word, ...signed });
  });
  const action = approves ? "champion.sign" : "champion.refuse";
  await recordAct(tx, actor, { action, subject: `run:${runId}`, projectId, detail: { claim: claimId, word } });
}

const wordSchema = z.object({ word: longText.max(5000).refine((text) => text.trim() !== "", "a word") });

/** Writes a word on a claim. */
export async function writeWord(actor: Actor, projectId: string, claimId: string, input: unknown): Promise<void> {
  authorise(actor, "champions.claim", projectId);
  const { word } = parse(wordSchema, input);
  const claim = await requireClaim(projectId, claimId);
  await connections().db.transaction(async (tx) => {
    await tx.insert(claimWords).values({ id: uuidv7(), claimId, word, writtenBy: actor.name });
    const subject = `run:${claim.runId}`;
    await recordAct(tx, actor, { action: "champion.word", subject, projectId, detail: { claim: claimId, word } });
  });
  noticeRun(claim.runId);
}
