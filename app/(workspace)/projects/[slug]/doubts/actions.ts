"use server";
import { actOn, projectId, runId, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { lookAtPick } from "@/lib/doubts/look-at-pick.ts";

export async function lookAtPickAction(
  project: string,
  run: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  return actOn({ project: projectId, run: runId }, { project, run }, async (member, given) => {
    await lookAtPick(member, given.project, { run: given.run, reason: textOf(form, "reason").trim() });
  });
}
