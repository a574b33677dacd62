"use server";
import { z } from "zod";
import { act, actOn } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { markSeen } from "@/lib/inbox/notifications.ts";

export const readAllAction = async (): Promise<ActionOutcome> => act((member) => markSeen(member, { seen: "all" }));

export const readOneAction = async (id: string): Promise<ActionOutcome> =>
  actOn({ id: z.uuid() }, { id }, (member, given) => markSeen(member, { seen: [given.id] }), "keep");
