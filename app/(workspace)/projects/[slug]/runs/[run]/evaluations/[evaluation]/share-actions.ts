"use server";
import { actOn, runId, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { createShare, revokeShare } from "@/lib/evaluations/shares/shares.ts";
import { uuid } from "@/lib/wire/base/words.ts";

/** The link is in this answer and nowhere else. */
export async function shareReportAction(
  run: string,
  evaluation: string,
  _previous: ActionOutcome<string> | null,
  form: FormData,
): Promise<ActionOutcome<string>> {
  return actOn({ run: runId, evaluation: uuid }, { run, evaluation }, async (member, given) => {
    const days = Number(textOf(form, "days").trim() || Number.NaN);
    return (await createShare(member, given.run, given.evaluation, { days })).url;
  });
}

export async function revokeShareAction(run: string, evaluation: string, share: string): Promise<ActionOutcome> {
  return actOn({ run: runId, evaluation: uuid, share: uuid }, { run, evaluation, share }, async (member, given) => {
    await revokeShare(member, given.run, given.evaluation, given.share);
  });
}
