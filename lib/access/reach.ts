/** Which projects are there for an actor, as a condition of SQL. */
import { eq, notInArray, type SQL } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { Actor } from "./actor.ts";
import { roleIn } from "./permissions.ts";

/** That the project whose id stands in `column` is there for the actor; nothing where all are. */
export function reachable(actor: Actor, column: PgColumn): SQL | undefined {
  if (actor.kind === "token") return actor.projectId === null ? undefined : eq(column, actor.projectId);
  const shut = shutProjects(actor);
  return shut.length > 0 ? notInArray(column, shut) : undefined;
}

/** The projects that aren't there for a member, by id; of a project's token every other is, and none is listed. */
export const shutProjects = (actor: Actor): string[] =>
  actor.kind === "member" ? [...actor.projectRoles.keys()].filter((id) => roleIn(actor, id) === "none") : [];
