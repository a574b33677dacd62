"use server";
import { deleteProject, purgeProject, restoreProject } from "@/lib/projects/deleted.ts";
import { actOn, projectId } from "../acts/action.ts";
import type { ActionOutcome } from "../parts/outcome.ts";

const about = { id: projectId };

/** Leaves the page as it is: the one that it is called from is about to be gone, and must be left first. */
export const deleteProjectAction = async (id: string): Promise<ActionOutcome> =>
  actOn(about, { id }, (member, project) => deleteProject(member, project.id), "keep");

export const restoreProjectAction = async (id: string): Promise<ActionOutcome> =>
  actOn(about, { id }, (member, project) => restoreProject(member, project.id));

export const purgeProjectAction = async (id: string): Promise<ActionOutcome> =>
  actOn(about, { id }, (member, project) => purgeProject(member, project.id));
