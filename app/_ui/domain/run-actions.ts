"use server";
/** What people change about a run, from the table and from its page. */
import { z } from "zod";
import { deleteRun, restoreRun } from "@/lib/runs/deleted.ts";
import { updateRun } from "@/lib/runs/runs.ts";
import { changeTag, listTagsBesideRun } from "@/lib/runs/tags.ts";
import { actOn, runId } from "../acts/action.ts";
import type { ActionOutcome } from "../parts/outcome.ts";

export const renameRunAction = async (id: string, name: string): Promise<ActionOutcome> =>
  actOn({ id: runId, name: z.string().trim() }, { id, name }, async (member, run) => {
    await updateRun(member, run.id, { name: run.name });
  });

export const noteRunAction = async (id: string, notes: string): Promise<ActionOutcome> =>
  actOn({ id: runId, notes: z.string() }, { id, notes }, async (member, run) => {
    await updateRun(member, run.id, { notes: run.notes });
  });

/** Which of the twelve colours its curves have; null: the page gives one. */
export const colorRunAction = async (id: string, color: number | null): Promise<ActionOutcome> =>
  actOn({ id: runId, color: z.int().nullable() }, { id, color }, async (member, run) => {
    await updateRun(member, run.id, { color: run.color });
  });

export const deleteRunAction = async (id: string): Promise<ActionOutcome> =>
  actOn({ id: runId }, { id }, (member, run) => deleteRun(member, run.id));

export const restoreRunAction = async (id: string): Promise<ActionOutcome> =>
  actOn({ id: runId }, { id }, (member, run) => restoreRun(member, run.id));

export const tagRunAction = async (id: string, tag: string, isOn: boolean): Promise<ActionOutcome> =>
  actOn({ id: runId, tag: z.string(), isOn: z.boolean() }, { id, tag, isOn }, async (member, given) => {
    await changeTag(member, given.id, given.tag, given.isOn);
  });

/** The tags that the runs of its project have. */
export const knownTagsAction = async (id: string): Promise<ActionOutcome<string[]>> =>
  actOn({ id: runId }, { id }, (member, run) => listTagsBesideRun(member, run.id), "keep");
