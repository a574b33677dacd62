"use server";
import type { Outcome } from "@/app/_ui/outcome.ts";
import { deleteProject, purgeProject, restoreProject } from "@/lib/projects/deleted.ts";
import { act } from "./action.ts";

/** Leaves the page as it is: the one that it is called from is about to be gone, and must be left first. */
export const deleteProjectAction = async (id: string): Promise<Outcome> =>
  act((member) => deleteProject(member, id), "keep");

export const restoreProjectAction = async (id: string): Promise<Outcome> => act((member) => restoreProject(member, id));

export const purgeProjectAction = async (id: string): Promise<Outcome> => act((member) => purgeProject(member, id));
