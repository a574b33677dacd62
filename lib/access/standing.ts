/** Who the members are at this moment, inside a transaction. */
import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { users } from "../../db/schema/people.ts";
import { projectMembers } from "../../db/schema/projects.ts";
import { ProblemError } from "../problem.ts";
import type { ProjectRole, Role } from "../wire/base/words.ts";
import type { Actor } from "./actor.ts";
import { authorise, narrowest, type Permission } from "./permissions.ts";

/** Of a member: an admin who can sign in. */
export const activeAdmin = and(eq(users.role, "admin"), isNull(users.disabledAt));

export async function hasAdmin(db: Executor): Promise<boolean> {
  return (await db.select({ id: users.id }).from(users).where(activeAdmin).limit(1)).length > 0;
}

/** The projects where a member may less than in the workspace, with what they are there. Asks nothing for who has none. */
export async function projectRolesOf(
  db: Executor,
  { id, narrowed }: { id: string; narrowed: boolean },
): Promise<Map<string, ProjectRole>> {
  if (!narrowed) return new Map();
  const { projectId, role, userId } = projectMembers;
  const rows = await db.select({ projectId, role }).from(projectMembers).where(eq(userId, id));
  return new Map(rows.map((row) => [row.projectId, row.role]));
}

/** `role`: what they are in the project. */
export type Participant = { id: string; name: string; role: Role };

/**
 * Who can sign in and reaches a project, by name, at most 1,000: all members, or those of them whom `ids` names. For what
 * concerns people, such as whom to tell and who else could decide.
 */
export async function listParticipants(db: Executor, projectId: string, ids?: string[]): Promise<Participant[]> {
  const { id, name, role } = users;
  const narrower = and(eq(projectMembers.userId, id), eq(projectMembers.projectId, projectId));
  const rows = await db
    .select({ id, name, role, here: projectMembers.role })
    .from(users)
    .leftJoin(projectMembers, narrower)
    .where(and(isNull(users.disabledAt), ids && inArray(id, ids)))
    .orderBy(asc(name), asc(id))
    .limit(1_000);
  return rows.flatMap(({ here, ...member }) => {
    const there = narrowest(member.role, here ?? member.role);
    return there === "none" ? [] : [{ ...member, role: there }];
  });
}

/**
 * Throws `forbidden` where the member was removed, disabled or demoted since the request began, in `projectId` where the act
 * concerns a project, and lets nobody do that until the transaction ends: what a member makes while leaving would be left behind.
 */
export async function requireStill(
  tx: Executor,
  actor: Actor,
  permission: Permission,
  projectId?: string,
): Promise<void> {
  if (actor.kind !== "member") return;
  const { role, disabledAt, narrowed } = users;
  const [now] = await tx.select({ role, disabledAt, narrowed }).from(users).where(eq(users.id, actor.id)).for("share");
  if (!now || now.disabledAt) throw new ProblemError("forbidden", `${actor.name} is no member any more`);
  const projectRoles = await projectRolesOf(tx, { id: actor.id, ...now });
  authorise({ ...actor, role: now.role, projectRoles }, permission, projectId);
}
