/** What a panel of threads shows beside a place of a page, and whom its comments may name. */
import { connections } from "../../db/connection.ts";
import { actorKey, type MemberActor } from "../access/actor.ts";
import { can } from "../access/permissions.ts";
import { listParticipants } from "../access/standing.ts";
import type { Thread } from "../wire/reviews/threads.ts";
import { listThreads } from "./read-threads.ts";

/** Who reads, and what they may do. */
export type ThreadReader = {
  /** `member:ID`. */
  me: string;
  canWrite: boolean;
  /** Of the members whom the project is there for, whom `@` completes to. */
  names: string[];
};
export type ThreadPanel = { threads: Thread[]; reader: ThreadReader };

export async function readReader(member: MemberActor, projectId: string): Promise<ThreadReader> {
  const rows = await listParticipants(connections().db, projectId);
  const names = [...new Set(rows.map(({ name }) => name))].filter((name) => name !== "");
  return { me: actorKey(member), canWrite: can(member, "reviews.write", projectId), names };
}

export async function readPanel(
  member: MemberActor,
  projectId: string,
  asked: { subject: string; anchor?: string },
): Promise<ThreadPanel> {
  const [threads, reader] = await Promise.all([listThreads(member, projectId, asked), readReader(member, projectId)]);
  return { threads, reader };
}
