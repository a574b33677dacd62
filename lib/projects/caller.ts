/** Who asks, as the API tells it to a program that was handed a token. */
import type { Actor } from "../access/actor.ts";
import { authorise, can } from "../access/permissions.ts";
import { ProblemError } from "../problem.ts";
import type { Caller } from "../wire/server.ts";
import { requireProject } from "./projects.ts";

/** The caller's name, and what it may. Throws `forbidden` for a token that learns nothing but what it is made for. */
export async function describeCaller(actor: Actor): Promise<Caller> {
  authorise(actor, "self.read");
  const seesTests = can(actor, "tests.read");
  if (actor.kind === "member")
    return { kind: "member", name: actor.name, role: actor.role, scope: null, project: null, seesTests };
  const scope = actor.kind === "token" ? actor.scope : "run";
  if (actor.kind !== "token" || scope === "run")
    throw new ProblemError("forbidden", "self.read is for members, and for tokens that people made");
  const token = { kind: "token" as const, name: actor.name, role: null, scope, seesTests };
  if (actor.projectId === null) return { ...token, project: null };
  const { id, slug, name } = await requireProject(actor, actor.projectId);
  return { ...token, project: { id, slug, name } };
}
