/** Who the members are at this moment, inside a transaction. */
import { eq } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { users } from "../../db/schema/people.ts";
import { ProblemError } from "../problem.ts";
import type { Actor } from "./actor.ts";
import { authorise, type Permission } from "./permissions.ts";

export async function hasAdmin(db: Executor): Promise<boolean> {
  return (await db.select({ id: users.id }).from(users).where(eq(users.role, "admin")).limit(1)).length > 0;
}

/**
 * Throws `forbidden` where the member was removed or demoted since the request began, and lets nobody do that until the
 * transaction ends: what a member makes while leaving would be left behind.
 */
export async function requireStill(tx: Executor, actor: Actor, permission: Permission): Promise<void> {
  if (actor.kind !== "member") return;
  const [now] = await tx.select({ role: users.role }).from(users).where(eq(users.id, actor.id)).for("share");
  if (!now) throw new ProblemError("forbidden", `${actor.name} is no member any more`);
  authorise({ ...actor, role: now.role }, permission);
}
