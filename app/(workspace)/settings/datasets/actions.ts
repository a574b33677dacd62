"use server";
import { act, textOf } from "@/app/_ui/acts/action.ts";
import type { Outcome } from "@/app/_ui/parts/outcome.ts";
import { giveDataset, takeDatasetAway } from "@/lib/datasets/giving.ts";

export async function giveDatasetAction(dataset: string, _previous: Outcome | null, form: FormData): Promise<Outcome> {
  return act((member) => giveDataset(member, { dataset, project: textOf(form, "project") }));
}

export const takeDatasetAwayAction = async (dataset: string, project: string): Promise<Outcome> =>
  act((member) => takeDatasetAway(member, { dataset, project }));
