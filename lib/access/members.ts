/** The workspace's members and their roles. */
import { asc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { sessions, users } from "../../db/schema/people.ts";
import { ProblemError, parse } from "../problem.ts";
import { type Role, roles } from "../wire/base/words.ts";
import type { Actor } from "./actor.ts";
import { recordAct } from "./audit.ts";
import { revokeLeft } from "./left-behind.ts";
import { authorise } from "./permissions.ts";
import { liftProjectRoles } from "./project-roles.ts";
import { activeAdmin, requireStill } from "./standing.ts";

/** `disabledAt`: since when an admin keeps them out; null: they can sign in. */
export type Member = {
  id: string;
  name: string;
  email: string;
  role: Role;
  createdAt: string;
  disabledAt: string | null;
};

/** All members by name, at most 1000. */
export async function listMembers(actor: Actor): Promise<Member[]> {
  authorise(actor, "members.read");
  const rows = await connections().db.select().from(users).orderBy(asc(users.name), asc(users.id)).limit(1000);
  return rows.map(({ id, name, email, role, createdAt, disabledAt }) => ({
    id,
    name,
    email,
    role,
    createdAt: createdAt.toISOString(),
    disabledAt: disabledAt?.toISOString() ?? null,
  }));
}

/** The ids of tokens that are kept though who made them leaves. */
const keptSchema = z.array(z.uuid()).max(1000);

/**
 * Changes a member's role; refuses to leave the workspace without an admin. Open invitations and tokens that the member
 * made, and that the new role couldn't make, are revoked, but for the tokens whose ids `kept` names.
 */
export async function changeRole(actor: Actor, memberId: string, to: Role, kept: string[] = []): Promise<void> {
  authorise(actor, "members.manage");
  const { role, keep } = parse(z.object({ role: z.enum(roles), keep: keptSchema }), { role: to, keep: kept });
  await connections().db.transaction(async (tx) => {
    const member = await lockMember(tx, memberId);
    await requireStill(tx, actor, "members.manage");
    if (member.role === role) return;
    if (role !== "admin") await keepAnAdmin(tx, member);
    await tx.update(users).set({ role, updatedAt: sql`now()` }).where(eq(users.id, member.id));
    const detail = { from: member.role, to: role, email: member.email };
    await recordAct(tx, actor, { action: "member.role", subject: `member:${member.id}`, detail });
    if (role === "admin") await liftProjectRoles(tx, actor, member);
    await revokeLeft(tx, actor, { memberId: member.id, role }, keep);
  });
}

/**
 * Removes a member, ends their sessions, and revokes the open invitations and the tokens that they made, but for the
 * tokens whose ids `kept` names; what they did stays in the audit under their name.
 */
export async function removeMember(actor: Actor, memberId: string, kept: string[] = []): Promise<void> {
  authorise(actor, "members.manage");
  const keep = parse(z.object({ keep: keptSchema }), { keep: kept }).keep;
  await connections().db.transaction(async (tx) => {
    const member = await lockMember(tx, memberId);
    await requireStill(tx, actor, "members.manage");
    await keepAnAdmin(tx, member);
    await tx.delete(users).where(eq(users.id, member.id));
    const detail = { name: member.name, email: member.email, from: member.role, to: null };
    await recordAct(tx, actor, { action: "member.remove", subject: `member:${member.id}`, detail });
    await revokeLeft(tx, actor, { memberId: member.id, role: null }, keep);
  });
}

/**
 * Keeps a member out until `enableMember`: ends their sessions, and revokes the open invitations and the tokens that they
 * made, but for the tokens whose ids `kept` names. Refuses to leave the workspace without an admin. May be repeated.
 */
export async function disableMember(actor: Actor, memberId: string, kept: string[] = []): Promise<void> {
  authorise(actor, "members.manage");
  const keep = parse(z.object({ keep: keptSchema }), { keep: kept }).keep;
  await connections().db.transaction(async (tx) => {
    const member = await lockMember(tx, memberId);
    await requireStill(tx, actor, "members.manage");
    if (member.disabledAt) return;
    await keepAnAdmin(tx, member);
    await tx.update(users).set({ disabledAt: sql`now()`, updatedAt: sql`now()` }).where(eq(users.id, member.id));
    await tx.delete(sessions).where(eq(sessions.userId, member.id));
    await recordSwitch(tx, actor, member, "disabled");
    await revokeLeft(tx, actor, { memberId: member.id, role: null }, keep);
  });
}

/** Lets a disabled member sign in again, with the role that they had; revoked tokens stay revoked. May be repeated. */
export async function enableMember(actor: Actor, memberId: string): Promise<void> {
  authorise(actor, "members.manage");
  await connections().db.transaction(async (tx) => {
    const member = await lockMember(tx, memberId);
    await requireStill(tx, actor, "members.manage");
    if (!member.disabledAt) return;
    await tx.update(users).set({ disabledAt: null, updatedAt: sql`now()` }).where(eq(users.id, member.id));
    await recordSwitch(tx, actor, member, "enabled");
  });
}

const recordSwitch = (tx: Executor, actor: Actor, { id, name, email }: MemberRow, to: "enabled" | "disabled") =>
  recordAct(tx, actor, {
    action: to === "disabled" ? "member.disable" : "member.enable",
    subject: `member:${id}`,
    detail: { from: to === "disabled" ? "enabled" : "disabled", to, name, email },
  });

type MemberRow = typeof users.$inferSelect;

async function lockMember(tx: Executor, id: string): Promise<MemberRow> {
  const memberId = parse(z.object({ member: z.string().max(100) }), { member: id }).member;
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
  if (member.role !== "admin" || member.disabledAt) return;
  if ((await tx.$count(users, activeAdmin)) <= 1)
    throw new ProblemError("conflict", `${member.name} is the only admin. Make somebody else admin first.`);
}
