"use server";
import { act, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { giveDataset, takeDatasetAway } from "@/lib/datasets/giving.ts";

export async function giveDatasetAction(
  dataset: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  return act((member) => giveDataset(member, { dataset, project: textOf(form, "project") }));
}

export const takeDatasetAwayAction = async (dataset: string, project: string): Promise<ActionOutcome> =>
  act((member) => takeDatasetAway(member, { dataset, project }));
