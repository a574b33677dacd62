/** The workspace's members and their roles. */
import { asc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { users } from "../../db/schema.ts";
import { recordAct } from "../audit/audit.ts";
import { ProblemError, parse } from "../problem.ts";
import { type Role, roles } from "../wire.ts";
import type { Actor } from "./actor.ts";
import { authorise } from "./permissions.ts";

export type Member = { id: string; name: string; email: string; role: Role; createdAt: string };

/** All members by name, at most 1000. */
export async function listMembers(actor: Actor): Promise<Member[]> {
  authorise(actor, "members.read");
  const rows = await connections().db.select().from(users).orderBy(asc(users.name), asc(users.id)).limit(1000);
  return rows.map(({ id, name, email, role, createdAt }) => ({
    id,
    name,
    email,
    role,
    createdAt: createdAt.toISOString(),
  }));
}

/** Changes a member's role; refuses to leave the workspace without an admin. */
export async function changeRole(actor: Actor, memberId: string, to: Role): Promise<void> {
  authorise(actor, "members.manage");
  const role = parse(z.enum(roles), to);
  await connections().db.transaction(async (tx) => {
    const member = await lockMember(tx, memberId);
    if (member.role === role) return;
    if (role !== "admin") await keepAnAdmin(tx, member);
    await tx.update(users).set({ role, updatedAt: sql`now()` }).where(eq(users.id, memberId));
    const detail = { from: member.role, to: role, email: member.email };
    await recordAct(tx, actor, { action: "member.role", subject: `member:${memberId}`, detail });
  });
}

/** Removes a member and ends their sessions; what they did stays in the audit under their name. */
export async function removeMember(actor: Actor, memberId: string): Promise<void> {
  authorise(actor, "members.manage");
  await connections().db.transaction(async (tx) => {
    const member = await lockMember(tx, memberId);
    await keepAnAdmin(tx, member);
    await tx.delete(users).where(eq(users.id, memberId));
    const detail = { name: member.name, email: member.email };
    await recordAct(tx, actor, { action: "member.remove", subject: `member:${memberId}`, detail });
  });
}

type MemberRow = typeof users.$inferSelect;

async function lockMember(tx: Executor, memberId: string): Promise<MemberRow> {
  // every admin is locked, so that two admins can't demote each other at the same time
  const locked = await tx
    .select()
    .from(users)
    .where(sql`${users.role} = 'admin' or ${users.id} = ${memberId}`)
    .orderBy(users.id)
    .for("update");
  const member = locked.find((row) => row.id === memberId);
  if (!member) throw new ProblemError("not-found", "there is no member with that id");
  return member;
}

async function keepAnAdmin(tx: Executor, member: MemberRow): Promise<void> {
  if (member.role !== "admin") return;
  const [admins] = await tx.select({ count: sql<number>`count(*)::int` }).from(users).where(eq(users.role, "admin"));
  if ((admins?.count ?? 0) <= 1)
    throw new ProblemError("conflict", `${member.name} is the only admin. Make somebody else admin first.`);
}
