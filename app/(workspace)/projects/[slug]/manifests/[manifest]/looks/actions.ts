"use server";
import { actOn, projectId, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { confirmLook } from "@/lib/evaluations/ledger.ts";
import { sha256 } from "@/lib/wire/base/words.ts";

export async function confirmLookAction(
  project: string,
  manifest: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  return actOn({ project: projectId, manifest: sha256 }, { project, manifest }, async (member, given) => {
    await confirmLook(member, given.project, given.manifest, { reason: textOf(form, "reason").trim() });
  });
}
