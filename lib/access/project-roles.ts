/** Roles of members in single projects: narrower than theirs in the workspace, and never wider. */
import { and, asc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { users } from "../../db/schema/people.ts";
import { projectMembers, projects } from "../../db/schema/projects.ts";
import { ProblemError, parse } from "../problem.ts";
import { type ProjectRole, projectRoles, type Role } from "../wire/base/words.ts";
import type { Actor } from "./actor.ts";
import { recordAct } from "./audit.ts";
import { revokeLeft } from "./left-behind.ts";
import { authorise } from "./permissions.ts";
import { projectRolesOf, requireStill } from "./standing.ts";

/** `role`: in the workspace. `here`: in the project. */
export type ProjectMember = { id: string; name: string; email: string; role: Role; here: ProjectRole };

/** Who may what in a project: all members who can sign in, by name, at most 1000. */
export async function listProjectMembers(actor: Actor, projectId: string): Promise<ProjectMember[]> {
  authorise(actor, "members.read", projectId);
  const { id, name, email, role, disabledAt } = users;
  const rows = await connections()
    .db.select({ id, name, email, role, narrowed: projectMembers.role })
    .from(users)
    .leftJoin(projectMembers, and(eq(projectMembers.userId, id), eq(projectMembers.projectId, projectId)))
    .where(sql`${disabledAt} is null`)
    .orderBy(asc(name), asc(id))
    .limit(1000);
  return rows.map(({ narrowed, ...member }) => ({ ...member, here: narrowed ?? member.role }));
}

const changeSchema = z.object({
  project: z.uuid(),
  member: z.string().max(100),
  role: z.enum(projectRoles),
  keep: z.array(z.uuid()).max(1000),
});

/**
 * Sets what a member is in a project; their own role of the workspace, or a wider one, lifts what was narrower. Tokens of
 * the project that they made, and couldn't make any more, are revoked, but for those that `kept` names. Throws `conflict`
 * for an admin: who may change every role is kept from nothing.
 */
export async function setProjectRole(
  actor: Actor,
  projectId: string,
  memberId: string,
  to: ProjectRole,
  kept: string[] = [],
): Promise<void> {
  authorise(actor, "members.manage", projectId);
  const given = parse(changeSchema, { project: projectId, member: memberId, role: to, keep: kept });
  await connections().db.transaction(async (tx) => {
    const [member] = await tx.select().from(users).where(eq(users.id, given.member)).for("update");
    if (!member) throw new ProblemError("not-found", "there is no member with that id");
    await requireStill(tx, actor, "members.manage");
    if (member.role === "admin") throw adminIsAdmin(member.name);
    const [project] = await tx.select({ name: projects.name }).from(projects).where(eq(projects.id, given.project));
    if (!project) throw new ProblemError("not-found", "there is no project with that id");
    const before = (await projectRolesOf(tx, member)).get(given.project) ?? member.role;
    const isNarrower = projectRoles.indexOf(given.role) < projectRoles.indexOf(member.role);
    const after = isNarrower ? given.role : member.role;
    if (before === after) return;
    await storeRole(tx, { projectId: given.project, userId: member.id }, isNarrower ? after : null);
    const detail = { from: before, to: after, email: member.email, name: project.name };
    const subject = `member:${member.id}`;
    await recordAct(tx, actor, { action: "member.project-role", subject, projectId: given.project, detail });
    const left = { memberId: member.id, role: after === "none" ? null : after, projectId: given.project };
    await revokeLeft(tx, actor, left, given.keep);
  });
}

const adminIsAdmin = (name: string) =>
  new ProblemError(
    "conflict",
    `${name} is an admin, and admins may do everything in every project. Change their role first.`,
  );

/** `role`: null lifts it. Says with the member whether there is a row of theirs. */
async function storeRole(
  tx: Executor,
  { projectId, userId }: { projectId: string; userId: string },
  role: ProjectRole | null,
): Promise<void> {
  const own = eq(projectMembers.userId, userId);
  if (role === null) await tx.delete(projectMembers).where(and(own, eq(projectMembers.projectId, projectId)));
  else if (role !== "admin")
    await tx
      .insert(projectMembers)
      .values({ projectId, userId, role })
      .onConflictDoUpdate({ target: [projectMembers.projectId, projectMembers.userId], set: { role } });
  const narrowed = (await tx.$count(projectMembers, own)) > 0;
  await tx.update(users).set({ narrowed, updatedAt: sql`now()` }).where(eq(users.id, userId));
}

/** Lifts what a member is kept from in every project, for who becomes an admin. */
export async function liftProjectRoles(
  tx: Executor,
  actor: Actor,
  member: { id: string; email: string },
): Promise<void> {
  const lifted = await tx.delete(projectMembers).where(eq(projectMembers.userId, member.id)).returning();
  await tx.update(users).set({ narrowed: false }).where(eq(users.id, member.id));
  for (const { projectId, role } of lifted) {
    const detail = { from: role, to: "admin", email: member.email };
    await recordAct(tx, actor, { action: "member.project-role", subject: `member:${member.id}`, projectId, detail });
  }
}
