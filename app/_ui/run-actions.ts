"use server";
/** What people change about a run, from the table and from its page. */
import { deleteRun, restoreRun } from "@/lib/runs/deleted.ts";
import { updateRun } from "@/lib/runs/runs.ts";
import { act } from "./action.ts";
import type { Outcome } from "./outcome.ts";

export const renameRunAction = async (id: string, name: string): Promise<Outcome> =>
  act(async (member) => void (await updateRun(member, id, { name: name.trim() })));

export const noteRunAction = async (id: string, notes: string): Promise<Outcome> =>
  act(async (member) => void (await updateRun(member, id, { notes })));

export const deleteRunAction = async (id: string): Promise<Outcome> => act((member) => deleteRun(member, id));

export const restoreRunAction = async (id: string): Promise<Outcome> => act((member) => restoreRun(member, id));
