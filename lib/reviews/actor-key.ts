/** `member:ID`, as the audit names who acts. */
import type { Actor } from "../access/actor.ts";

export const actorKey = (actor: Actor): string => (actor.kind === "system" ? "system" : `${actor.kind}:${actor.id}`);

/** The member's id in such a key; undefined: it was none. */
export const memberIn = (key: string): string | undefined =>
  key.startsWith("member:") ? key.slice("member:".length) : undefined;
