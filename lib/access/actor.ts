import type { ProjectRole, Role, TokenScope } from "../wire/base/words.ts";

export type MemberActor = {
  kind: "member";
  id: string;
  name: string;
  email: string;
  role: Role;
  sessionId: string;
  /** Their roles in the projects where they may less than in the workspace, by the project's id. */
  projectRoles: ReadonlyMap<string, ProjectRole>;
};
export type TokenActor = {
  kind: "token";
  id: string;
  name: string;
  /** Null: of the scope `workspace`, which has all projects. */
  projectId: string | null;
  /**
   * `run`: the server made it for one run, and it logs to that alone. `workspace`: an admin made it for programs that
   * create projects, and log to any.
   */
  scope: TokenScope | "run" | "workspace";
  /** That run; null: of the other scopes. */
  runId: string | null;
};
export type SystemActor = { kind: "system"; id: "system"; name: "system" };
export type Actor = MemberActor | TokenActor | SystemActor;

/** For the launcher and the sweeps, never for a request. */
export const systemActor: SystemActor = { kind: "system", id: "system", name: "system" };

/** `member:ID`, `token:ID` or `system`: as rows name who acts. */
export const actorKey = (actor: Actor): string => (actor.kind === "system" ? "system" : `${actor.kind}:${actor.id}`);

/** The member's id in such a key; undefined: it was none. */
export const memberIn = (key: string): string | undefined =>
  key.startsWith("member:") ? key.slice("member:".length) : undefined;
