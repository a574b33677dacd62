"use server";
import { z } from "zod";
import { actOn, projectId, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { createRule, removeRule } from "@/lib/alerts/rules.ts";

export const createRuleAction = async (
  project: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> =>
  actOn({ project: projectId }, { project }, async (member, given) => {
    const event = textOf(form, "event");
    const split = textOf(form, "split");
    const metric = {
      metric: textOf(form, "metric").trim(),
      split: split === "none" ? null : split,
      side: textOf(form, "side"),
      threshold: Number(textOf(form, "threshold") || Number.NaN),
    };
    await createRule(member, given.project, {
      event,
      metric: event === "metric" ? metric : null,
      sendsWebhooks: textOf(form, "sendsWebhooks") === "on",
    });
  });

export const removeRuleAction = async (project: string, id: string): Promise<ActionOutcome> =>
  actOn({ project: projectId, id: z.uuid() }, { project, id }, async (member, given) => {
    await removeRule(member, given.project, given.id);
  });
