/** Every permission, in one table: the least role of a member, and the scopes of a token, that have it. */
import { ProblemError } from "../problem.ts";
import { type Role, roles, type TokenScope } from "../wire/base/words.ts";
import type { Actor } from "./actor.ts";

type Grant = { role: Role; scopes: readonly TokenScope[] };
const all = ["ingest", "read", "evaluate", "admin"] as const;
const logging = ["ingest", "evaluate", "admin"] as const;
const evaluating = ["evaluate"] as const;
const administering = ["admin"] as const;
const reading = ["read", "evaluate", "admin"] as const;
const none = [] as const;

export const permissions = {
  "contract.read": { role: "viewer", scopes: all },
  "projects.read": { role: "viewer", scopes: all },
  "projects.create": { role: "member", scopes: none },
  "projects.update": { role: "member", scopes: administering },
  "projects.delete": { role: "admin", scopes: none },
  "projects.purge": { role: "admin", scopes: none },
  "metrics.declare": { role: "member", scopes: logging },
  "runs.read": { role: "viewer", scopes: all },
  "runs.log": { role: "member", scopes: logging },
  "runs.update": { role: "member", scopes: administering },
  "runs.delete": { role: "member", scopes: administering },
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
  "audit.read": { role: "admin", scopes: none },
} as const satisfies Record<string, Grant>;
export type Permission = keyof typeof permissions;

/** Whether the actor has the permission somewhere; a token still has it in its own project alone. */
export function can(actor: Actor, permission: Permission): boolean {
  if (actor.kind === "system") return true;
  const grant: Grant = permissions[permission];
  if (actor.kind === "token") return grant.scopes.includes(actor.scope);
  return roles.indexOf(actor.role) >= roles.indexOf(grant.role);
}

/**
 * Throws unless the actor has the permission, in `projectId` where the act concerns a project. To a token, what lies
 * in another project isn't there: `not-found`, so that ids tell nothing.
 */
export function authorise(actor: Actor, permission: Permission, projectId?: string): void {
  if (!can(actor, permission)) throw new ProblemError("forbidden", refusal(actor, permission));
  if (actor.kind === "token" && projectId !== undefined && actor.projectId !== projectId)
    throw new ProblemError("not-found", "there is nothing with that id in this token's project");
}

function refusal(actor: Actor, permission: Permission): string {
  const grant: Grant = permissions[permission];
  if (actor.kind !== "token") {
    const has = actor.kind === "member" ? actor.role : actor.kind;
    return `${permission} needs the role ${grant.role} or above; this member is ${has}`;
  }
  if (grant.scopes.length === 0) return `${permission} is for signed-in members; tokens can't`;
  return `${permission} needs a token of scope ${grant.scopes.join(" or ")}; this one has ${actor.scope}`;
}
