/** Tells members that something happened: by kind and ids, within the transaction of what happened. */
import { v7 as uuidv7 } from "uuid";
import type { Executor } from "../../db/connection.ts";
import { notifications } from "../../db/schema/inbox.ts";
import type { Actor } from "../access/actor.ts";
import { listParticipants } from "../access/standing.ts";
import type { NotificationKind } from "../wire/reviews/inbox.ts";

type Told = {
  projectId: string;
  kind: NotificationKind;
  /** Who did it; null: a rule. */
  by: Actor | null;
  reviewId?: string;
  threadId?: string;
  commentId?: string;
  runId?: string;
  ruleId?: string;
};

/** Tells the members with these ids, each once, and never who did it. Whom the project isn't there for is passed over. */
export async function notify(tx: Executor, userIds: Iterable<string>, { by, ...told }: Told): Promise<void> {
  const wanted = [...new Set(userIds)].filter((id) => !(by?.kind === "member" && by.id === id));
  if (wanted.length === 0) return;
  const there = await listParticipants(tx, told.projectId, wanted);
  if (there.length === 0) return;
  await tx
    .insert(notifications)
    .values(there.map(({ id: userId }) => ({ ...told, id: uuidv7(), userId, by: by?.name ?? "" })));
}
