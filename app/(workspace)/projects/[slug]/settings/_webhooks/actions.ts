"use server";
import { z } from "zod";
import { actOn, projectId, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { createWebhook, removeWebhook } from "@/lib/webhooks/webhooks.ts";

export type NewWebhook = { id: string; secret: string };

export const createWebhookAction = async (
  project: string,
  _previous: ActionOutcome<NewWebhook> | null,
  form: FormData,
): Promise<ActionOutcome<NewWebhook>> =>
  actOn({ project: projectId }, { project }, (member, given) =>
    createWebhook(member, given.project, {
      url: textOf(form, "url").trim(),
      format: textOf(form, "format") || "generic",
    }),
  );

export const removeWebhookAction = async (project: string, id: string): Promise<ActionOutcome> =>
  actOn({ project: projectId, id: z.uuid() }, { project, id }, (member, given) =>
    removeWebhook(member, given.project, given.id),
  );
