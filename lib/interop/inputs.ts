/** Data that clients say their runs read. */
import { connections } from "../../db/connection.ts";
import { runInputs } from "../../db/schema/interop.ts";
import type { Actor } from "../access/actor.ts";
import { noticeRun } from "../live/notices.ts";
import { locateLivingRun } from "../runs/runs.ts";
import type { Property } from "./properties.ts";

export type NewInput = {
  name: string;
  digest: string;
  sourceType: string;
  source: string;
  schema: string | null;
  profile: string | null;
  tags: Property[];
};

/** Says what a run read. The same name and digest again changes nothing: what was said first stays. */
export async function addInputs(actor: Actor, runId: string, inputs: NewInput[]): Promise<void> {
  const { projectId } = await locateLivingRun(actor, runId, "runs.log");
  if (inputs.length === 0) return;
  await connections()
    .db.insert(runInputs)
    .values(
      inputs.map(({ tags, ...input }) => ({
        ...input,
        runId,
        projectId,
        tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
      })),
    )
    .onConflictDoNothing();
  noticeRun(runId);
}
