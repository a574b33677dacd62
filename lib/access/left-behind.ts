/** What a member made that works without them: open invitations, and tokens. Who is removed takes nothing along. */
import { and, desc, eq, gt, inArray, isNull, ne, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { links } from "../../db/schema/people.ts";
import { projects, tokens } from "../../db/schema/projects.ts";
import type { Role, TokenScope } from "../wire/base/words.ts";
import type { Actor } from "./actor.ts";
import { recordAct } from "./audit.ts";
import { authorise, can, type Permission } from "./permissions.ts";
import { endToken, permissionFor } from "./tokens.ts";

export type LeftToken = {
  id: string;
  name: string;
  scope: TokenScope | "workspace";
  /** Null: of the workspace. */
  project: string | null;
  projectId: string | null;
  usedAt: string | null;
};
export type LeftBehind = { invitationCount: number; tokens: LeftToken[] };

/** What each member would leave behind, by the member's id; at most 5,000 tokens in all, the newest first. */
export async function listLeftBehind(actor: Actor): Promise<Map<string, LeftBehind>> {
  authorise(actor, "members.manage");
  const { db } = connections();
  const left = new Map<string, LeftBehind>();
  const of = (memberId: string): LeftBehind => {
    const found = left.get(memberId) ?? { invitationCount: 0, tokens: [] };
    left.set(memberId, found);
    return found;
  };
  const { id, name, scope, ownerId, usedAt, projectId } = tokens;
  const found = await db
    .select({ id, name, scope, ownerId, usedAt, projectId, project: projects.name })
    .from(tokens)
    .leftJoin(projects, eq(projects.id, tokens.projectId))
    // a token of one run ends within the hour: nobody is asked whether to keep it
    .where(and(isNull(tokens.revokedAt), sql`${ownerId} is not null`, ne(scope, "run")))
    .orderBy(desc(id))
    .limit(5_000);
  for (const { ownerId, usedAt, ...token } of found)
    of(ownerId!).tokens.push({
      ...token,
      scope: token.scope as LeftToken["scope"],
      usedAt: usedAt?.toISOString() ?? null,
    });
  const open = await db
    .select({ memberId: links.createdById, count: sql<number>`count(*)::int` })
    .from(links)
    .where(and(openInvitation, gt(links.expiresAt, sql`now()`), sql`${links.createdById} is not null`))
    .groupBy(links.createdById);
  for (const { memberId, count } of open) of(memberId!).invitationCount = count;
  return left;
}

const openInvitation = and(eq(links.purpose, "invitation"), isNull(links.spentAt));

/** What of it who has the role, or is no member any more, loses; in one project its tokens alone. */
export function lostWith(
  { invitationCount, tokens }: LeftBehind,
  role: Role | null,
  projectId: string | null = null,
): LeftBehind {
  const lost = tokens.filter(({ scope }) => !roleCan(role, permissionFor(scope)));
  if (projectId !== null) return { invitationCount: 0, tokens: lost.filter((token) => token.projectId === projectId) };
  return { invitationCount: roleCan(role, "members.manage") ? 0 : invitationCount, tokens: lost };
}

/** Whether who has the role, or none, may do it. */
const roleCan = (role: Role | null, permission: Permission): boolean =>
  role !== null &&
  can({ kind: "member", id: "", name: "", email: "", sessionId: "", role, projectRoles: new Map() }, permission);

/**
 * Revokes what `memberId` made and couldn't make with the role that is left, null for none: everywhere, or the tokens of the
 * project where the role is one. A token that `kept` names goes on: `actor` answers for it from now on.
 */
export async function revokeLeft(
  tx: Executor,
  actor: Actor,
  { memberId, role, projectId }: { memberId: string; role: Role | null; projectId?: string },
  kept: string[],
): Promise<void> {
  if (projectId === undefined && !roleCan(role, "members.manage")) await revokeInvitations(tx, actor, memberId);
  const there = projectId === undefined ? undefined : eq(tokens.projectId, projectId);
  const made = and(eq(tokens.ownerId, memberId), isNull(tokens.revokedAt), there);
  const left = (await tx.select().from(tokens).where(made).orderBy(tokens.id).for("update")).filter(
    ({ scope }) => !roleCan(role, permissionFor(scope)),
  );
  for (const token of left.filter(({ id }) => !kept.includes(id))) await endToken(tx, actor, token);
  for (const { id, projectId, name, ownerId: from } of left.filter(({ id }) => kept.includes(id))) {
    const ownerId = actor.kind === "member" ? actor.id : null;
    await tx.update(tokens).set({ ownerId }).where(eq(tokens.id, id));
    const detail = { name, from: from && `member:${from}`, to: ownerId && `member:${ownerId}` };
    await recordAct(tx, actor, { action: "token.keep", subject: `token:${id}`, projectId, detail });
  }
}

/** `link`: an invitation that is gone just now. */
export const recordRevoked = (
  tx: Executor,
  actor: Actor,
  { id, email, role }: typeof links.$inferSelect,
): Promise<void> => {
  const detail = { name: email ?? "a link for anyone", from: role, to: "revoked" };
  return recordAct(tx, actor, { action: "link.revoke", subject: `link:${id}`, detail });
};

async function revokeInvitations(tx: Executor, actor: Actor, memberId: string): Promise<void> {
  const open = await tx
    .select()
    .from(links)
    .where(and(openInvitation, eq(links.createdById, memberId)));
  if (open.length === 0) return;
  const ids = open.map(({ id }) => id);
  await tx.delete(links).where(inArray(links.id, ids));
  for (const link of open) await recordRevoked(tx, actor, link);
}
