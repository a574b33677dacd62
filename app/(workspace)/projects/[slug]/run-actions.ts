"use server";
import { act } from "@/app/_ui/action.ts";
import type { Outcome } from "@/app/_ui/outcome.ts";
import { deleteRun, restoreRun } from "@/lib/runs/deleted.ts";

export const deleteRunAction = async (run: string): Promise<Outcome> => act((member) => deleteRun(member, run));

export const restoreRunAction = async (run: string): Promise<Outcome> => act((member) => restoreRun(member, run));
