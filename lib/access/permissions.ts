/** Every permission, in one table: the least role of a member, and the scopes of a token, that have it. */
import { ProblemError } from "../problem.ts";
import { type ProjectRole, projectRoles, type Role, roles } from "../wire/base/words.ts";
import type { Actor, MemberActor, TokenActor } from "./actor.ts";

type Grant = { role: Role; scopes: readonly TokenActor["scope"][] };
const all = ["ingest", "read", "evaluate", "admin", "workspace"] as const;
const logging = ["ingest", "evaluate", "admin", "workspace"] as const;
const loggingPoints = [...logging, "run"] as const;
const evaluating = ["evaluate"] as const;
const administering = ["admin"] as const;
/** What a program does with runs and projects that it may make itself. */
const keeping = ["admin", "workspace"] as const;
const workspace = ["workspace"] as const;
const reading = ["read", "evaluate", "admin"] as const;
const none = [] as const;

export const permissions = {
  "contract.read": { role: "viewer", scopes: all },
  "self.read": { role: "viewer", scopes: all },
  "projects.read": { role: "viewer", scopes: all },
  "projects.create": { role: "member", scopes: workspace },
  "projects.update": { role: "member", scopes: keeping },
  "projects.delete": { role: "admin", scopes: workspace },
  "projects.purge": { role: "admin", scopes: none },
  "metrics.declare": { role: "member", scopes: logging },
  "metrics.name": { role: "admin", scopes: administering },
  "runs.read": { role: "viewer", scopes: all },
  "runs.log": { role: "member", scopes: logging },
  "points.log": { role: "member", scopes: loggingPoints },
  "runs.update": { role: "member", scopes: keeping },
  "runs.delete": { role: "member", scopes: keeping },
  "runs.purge": { role: "admin", scopes: none },
  "views.save": { role: "viewer", scopes: none },
  "views.share": { role: "member", scopes: none },
  "manifests.read": { role: "viewer", scopes: all },
  "manifests.register": { role: "member", scopes: logging },
  "manifests.override": { role: "member", scopes: none },
  "evaluations.create": { role: "member", scopes: logging },
  "evaluations.read": { role: "viewer", scopes: all },
  "champions.read": { role: "viewer", scopes: all },
  "champions.claim": { role: "member", scopes: none },
  "studies.read": { role: "viewer", scopes: all },
  "studies.write": { role: "member", scopes: logging },
  "studies.conclude": { role: "member", scopes: none },
  "rulings.ask": { role: "member", scopes: logging },
  "candidates.submit": { role: "member", scopes: [...logging, "submit"] },
  "trials.queue": { role: "member", scopes: logging },
  "trials.work": { role: "member", scopes: logging },
  "reviews.read": { role: "viewer", scopes: reading },
  "reviews.write": { role: "member", scopes: none },
  "reviews.decide": { role: "member", scopes: none },
  "inbox.read": { role: "viewer", scopes: none },
  "alerts.manage": { role: "member", scopes: none },
  "labels.mark": { role: "member", scopes: none },
  "tests.open": { role: "member", scopes: evaluating },
  "tests.read": { role: "viewer", scopes: evaluating },
  "reports.share": { role: "member", scopes: none },
  "reports.allow-shares": { role: "admin", scopes: none },
  "tests.rule": { role: "admin", scopes: administering },
  "tests.confirm": { role: "admin", scopes: none },
  "datasets.give": { role: "admin", scopes: none },
  "events.read": { role: "viewer", scopes: none },
  "webhooks.read": { role: "member", scopes: none },
  "webhooks.manage": { role: "member", scopes: none },
  "webhooks.allow": { role: "admin", scopes: none },
  "account.manage": { role: "viewer", scopes: none },
  "members.read": { role: "viewer", scopes: none },
  "members.manage": { role: "admin", scopes: none },
  "tokens.read": { role: "member", scopes: none },
  "tokens.manage": { role: "member", scopes: none },
  "tokens.manage-admin": { role: "admin", scopes: none },
  "workspace.read": { role: "viewer", scopes: none },
  "workspace.manage": { role: "admin", scopes: none },
  "installation.watch": { role: "admin", scopes: workspace },
  "audit.read": { role: "admin", scopes: none },
} as const satisfies Record<string, Grant>;
export type Permission = keyof typeof permissions;

/**
 * Whether the actor has the permission: in `projectId` where that is given, and else in the workspace. What a member may do
 * in the workspace they may still be kept from in a project, and a token has what it has in its own project alone.
 */
export function can(actor: Actor, permission: Permission, projectId?: string): boolean {
  if (actor.kind === "system") return true;
  const grant: Grant = permissions[permission];
  if (actor.kind === "token") return grant.scopes.includes(actor.scope);
  const role = projectId === undefined ? actor.role : roleIn(actor, projectId);
  return role !== "none" && roles.indexOf(role) >= roles.indexOf(grant.role);
}

/** The member's role in a project: theirs in the workspace, or the narrower one that they have there. */
export function roleIn(member: MemberActor, projectId: string): ProjectRole {
  return narrowest(member.role, member.projectRoles.get(projectId) ?? member.role);
}

/** A role in the workspace and one in a project, taken together. */
export const narrowest = (role: Role, there: ProjectRole): ProjectRole =>
  projectRoles.indexOf(there) < projectRoles.indexOf(role) ? there : role;

/**
 * Whether the project is there for the actor at all: to a token its own alone, but for one of the workspace; to a member all
 * but those that are shut to them.
 */
export function reaches(actor: Actor, projectId: string): boolean {
  if (actor.kind === "token") return actor.scope === "workspace" || actor.projectId === projectId;
  return actor.kind === "system" || roleIn(actor, projectId) !== "none";
}

/** Whether a run of the project is there for the actor: to a token that was made for one run, that run alone. */
export function reachesRun(actor: Actor, run: { id: string; projectId: string }): boolean {
  if (actor.kind === "token" && actor.scope === "run" && actor.runId !== run.id) return false;
  return reaches(actor, run.projectId);
}

/**
 * Throws unless the actor has the permission, in `projectId` where the act concerns a project. What lies in a project that
 * the actor doesn't reach isn't there: `not-found`, so that ids tell nothing.
 */
export function authorise(actor: Actor, permission: Permission, projectId?: string): void {
  if (!can(actor, permission)) throw new ProblemError("forbidden", refusal(actor, permission));
  if (projectId === undefined) return;
  if (!reaches(actor, projectId)) throw new ProblemError("not-found", notThere(actor));
  if (!can(actor, permission, projectId)) throw new ProblemError("forbidden", refusal(actor, permission, projectId));
}

const notThere = (actor: Actor): string =>
  actor.kind === "token" && actor.scope !== "workspace"
    ? "there is nothing with that id in this token's project"
    : "there is nothing with that id that you may read";

function refusal(actor: Actor, permission: Permission, projectId?: string): string {
  const grant: Grant = permissions[permission];
  if (actor.kind === "member") {
    const has = projectId === undefined ? actor.role : `${roleIn(actor, projectId)} in this project`;
    return `${permission} needs the role ${grant.role} or above; this member is ${has}`;
  }
  if (actor.kind === "system") return `${permission} is refused to the system`;
  if (grant.scopes.length === 0) return `${permission} is for signed-in members; tokens can't`;
  return `${permission} needs a token of scope ${grant.scopes.join(" or ")}; this one has ${actor.scope}`;
}
