"use server";
import { z } from "zod";
import { act, actOn, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { changePassword, endSession, renameMember } from "@/lib/access/account.ts";

export async function renameAction(_previous: ActionOutcome | null, form: FormData): Promise<ActionOutcome> {
  return act((member) => renameMember(member, textOf(form, "name")));
}

export async function changePasswordAction(_previous: ActionOutcome | null, form: FormData): Promise<ActionOutcome> {
  return act((member) => changePassword(member, { current: textOf(form, "current"), next: textOf(form, "next") }));
}

export const endSessionAction = async (id: string): Promise<ActionOutcome> =>
  actOn({ id: z.string() }, { id }, (member, session) => endSession(member, session.id));
