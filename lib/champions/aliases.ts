/** Names such as `staging` and `production` that point to a claim of a manifest, and move with a reason. */
import { and, desc, eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections } from "../../db/connection.ts";
import { aliasMoves } from "../../db/schema/champions.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { noticeRun } from "../live/notices.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { aliasMoveSchema } from "../wire/champions.ts";
import type { RulePlace } from "./rules.ts";
import { requireClaim } from "./sign-offs.ts";

export type AliasMove = { alias: string; claim: string | null; reason: string; by: string; at: string };

const MOVES_MAX = 1000;

/** The moves of a manifest's aliases, the newest first, at most 1,000. */
export async function listMoves(actor: Actor, { projectId, manifestId }: RulePlace): Promise<AliasMove[]> {
  authorise(actor, "champions.read", projectId);
  const rows = await connections()
    .db.select()
    .from(aliasMoves)
    .where(and(eq(aliasMoves.projectId, projectId), eq(aliasMoves.manifestId, manifestId)))
    .orderBy(desc(aliasMoves.id))
    .limit(MOVES_MAX);
  return rows.map(({ alias, claimId, reason, movedBy, movedAt }) => ({
    alias,
    claim: claimId,
    reason,
    by: movedBy,
    at: movedAt.toISOString(),
  }));
}

/** Where each alias points now, by its newest move; those that point nowhere are left out. */
export function aliasesOf(moves: AliasMove[]): Map<string, string> {
  const newest = new Map<string, string | null>();
  for (const { alias, claim } of moves) if (!newest.has(alias)) newest.set(alias, claim);
  return new Map([...newest].filter((entry): entry is [string, string] => entry[1] !== null).sort());
}

/** Lets an alias point to a claim of the manifest, or nowhere. Throws `conflict` where it does already. */
export async function moveAlias(actor: Actor, { projectId, manifestId }: RulePlace, input: unknown): Promise<void> {
  authorise(actor, "champions.claim", projectId);
  const { alias, claim: claimId, reason } = parse(aliasMoveSchema, input);
  await requireManifest(actor, projectId, manifestId);
  const claim = claimId === null ? null : await requireClaim(projectId, claimId);
  if (claim && claim.manifestId !== manifestId) throw invalid("claim", `${claimId} is on another manifest`);
  const now = aliasesOf(await listMoves(actor, { projectId, manifestId })).get(alias) ?? null;
  if (now === claimId)
    throw new ProblemError("conflict", `${alias} ${claimId === null ? "points nowhere" : "points there"} already`);
  await connections().db.transaction(async (tx) => {
    const move = { id: uuidv7(), projectId, manifestId, alias, claimId, reason, movedBy: actor.name };
    await tx.insert(aliasMoves).values(move);
    const detail = { alias, from: now, to: claimId, reason };
    await recordAct(tx, actor, { action: "champion.alias", subject: `manifest:${manifestId}`, projectId, detail });
  });
  if (claim) noticeRun(claim.runId);
}
