"use server";
/** What people do with views of a page: keep the present one, share, rename and delete it, and link to it. */
import { z } from "zod";
import { createLink, createView, deleteView, updateView, type ViewPage } from "@/lib/table/views.ts";
import { actOn, projectId } from "../../acts/action.ts";
import type { ActionOutcome } from "../../parts/outcome.ts";

const aView = { id: z.uuid("a view's id") };

export const saveViewAction = async (
  project: string,
  view: { page: ViewPage; name: string; query: string; isShared: boolean },
): Promise<ActionOutcome> =>
  actOn({ project: projectId }, { project }, async (member, given) => {
    await createView(member, given.project, view);
  });

export const updateViewAction = async (
  id: string,
  change: { name?: string; query?: string; isShared?: boolean },
): Promise<ActionOutcome> =>
  actOn(aView, { id }, async (member, view) => {
    await updateView(member, view.id, change);
  });

export const deleteViewAction = async (id: string): Promise<ActionOutcome> =>
  actOn(aView, { id }, async (member, view) => {
    await deleteView(member, view.id);
  });

/** Makes a short link to a state of a page; its id. */
export const linkViewAction = async (
  project: string,
  state: { page: ViewPage; query: string },
): Promise<ActionOutcome<string>> =>
  actOn({ project: projectId }, { project }, (member, given) => createLink(member, given.project, state), "keep");
