/** What a member changes about their own account. */
import { and, desc, eq, gt, ne, sql } from "drizzle-orm";
import { z } from "zod";
import { connections } from "../../db/connection.ts";
import { accounts, sessions, users } from "../../db/schema/people.ts";
import { ProblemError, parse } from "../problem.ts";
import type { MemberActor } from "./actor.ts";
import { recordAct } from "./audit.ts";
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "./auth.ts";
import { hashPassword, verifyPassword } from "./hashes/passwords.ts";
import { inTurn } from "./hashes/turns.ts";
import { authorise } from "./permissions.ts";
import { countTry } from "./throttle.ts";

export async function renameMember(actor: MemberActor, to: string): Promise<void> {
  authorise(actor, "account.manage");
  const { name } = parse(z.object({ name: z.string().trim().min(1, "a name").max(100) }), { name: to });
  await connections().db.transaction(async (tx) => {
    await tx.update(users).set({ name, updatedAt: sql`now()` }).where(eq(users.id, actor.id));
    const detail = { from: actor.name, to: name };
    await recordAct(tx, actor, { action: "member.rename", subject: `member:${actor.id}`, detail });
  });
}

const passwordChangeSchema = z.object({
  current: z.string().max(PASSWORD_LENGTH_MAX),
  next: z
    .string()
    .min(PASSWORD_LENGTH_MIN, `at least ${PASSWORD_LENGTH_MIN} characters`)
    .max(PASSWORD_LENGTH_MAX, `at most ${PASSWORD_LENGTH_MAX} characters`),
});

/** Sets a new password and ends every other session of the member. Throws `invalid` if the current one is wrong. */
export async function changePassword(actor: MemberActor, input: { current: string; next: string }): Promise<void> {
  authorise(actor, "account.manage");
  const given = parse(passwordChangeSchema, input);
  await countTry(`change-password:${actor.id}`, 10);
  const { db } = connections();
  const credential = and(eq(accounts.userId, actor.id), eq(accounts.providerId, "credential"));
  const [account] = await db.select().from(accounts).where(credential);
  const hash = await inTurn("known", async () => {
    if (!account?.password || !(await verifyPassword({ hash: account.password, password: given.current })))
      throw new ProblemError("invalid", "The current password is wrong.", [{ field: "current", detail: "is wrong" }]);
    return hashPassword(given.next);
  });
  await db.transaction(async (tx) => {
    await tx.update(accounts).set({ password: hash, updatedAt: sql`now()` }).where(credential);
    await tx.delete(sessions).where(and(eq(sessions.userId, actor.id), ne(sessions.id, actor.sessionId)));
    await recordAct(tx, actor, { action: "member.password", subject: `member:${actor.id}` });
  });
}

export type SessionItem = {
  id: string;
  current: boolean;
  ipAddress: string | null;
  userAgent: string | null;
  createdAt: string;
  expiresAt: string;
};

/** The member's live sessions, newest first, at most 100. */
export async function listSessions(actor: MemberActor): Promise<SessionItem[]> {
  authorise(actor, "account.manage");
  const rows = await connections()
    .db.select()
    .from(sessions)
    .where(and(eq(sessions.userId, actor.id), gt(sessions.expiresAt, sql`now()`)))
    .orderBy(desc(sessions.createdAt))
    .limit(100);
  return rows.map(({ id, ipAddress, userAgent, createdAt, expiresAt }) => ({
    id,
    current: id === actor.sessionId,
    ipAddress,
    userAgent,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }));
}

/** Ends one of the member's own sessions. May be repeated. */
export async function endSession(actor: MemberActor, sessionId: string): Promise<void> {
  authorise(actor, "account.manage");
  await connections().db.transaction(async (tx) => {
    await tx.delete(sessions).where(and(eq(sessions.id, sessionId), eq(sessions.userId, actor.id)));
    await recordAct(tx, actor, { action: "session.end", subject: `member:${actor.id}` });
  });
}
