"use server";
import { headers } from "next/headers";
import { z } from "zod";
import { applyCookies } from "@/app/_session.ts";
import { act, actOn, textOf } from "@/app/_ui/acts/action.ts";
import { addressOf } from "@/app/_ui/acts/provider-step.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { accountHref } from "@/app/paths.ts";
import { changePassword, endSession, renameMember } from "@/lib/access/account.ts";
import { addPasskey, beginPasskey, removePasskey, renamePasskey } from "@/lib/access/passkeys.ts";
import { beginProviderJoin } from "@/lib/access/provider-sign-in.ts";
import { partProvider } from "@/lib/access/ways-in.ts";

export async function renameAction(_previous: ActionOutcome | null, form: FormData): Promise<ActionOutcome> {
  return act((member) => renameMember(member, textOf(form, "name")));
}

export async function changePasswordAction(_previous: ActionOutcome | null, form: FormData): Promise<ActionOutcome> {
  return act((member) => changePassword(member, { current: textOf(form, "current"), next: textOf(form, "next") }));
}

export const endSessionAction = async (id: string): Promise<ActionOutcome> =>
  actOn({ id: z.string() }, { id }, (member, session) => endSession(member, session.id));

/** What the browser is asked to make; its answer goes to `addPasskeyAction`. */
export const beginPasskeyAction = async (): Promise<ActionOutcome<object>> =>
  act(async (member) => {
    const { options, setCookies } = await beginPasskey(member, await headers());
    await applyCookies(setCookies);
    return options;
  }, "keep");

export const addPasskeyAction = async (name: string, response: object): Promise<ActionOutcome> =>
  act(async (member) => addPasskey(member, { name, response }, await headers()));

export async function renamePasskeyAction(
  id: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  return act((member) => renamePasskey(member, id, textOf(form, "name")));
}

export const removePasskeyAction = async (id: string): Promise<ActionOutcome> =>
  act((member) => removePasskey(member, id));

/** The address of the provider, where the member goes on to join. */
export const joinProviderAction = async (): Promise<ActionOutcome<string>> =>
  act(async (member) => addressOf(await beginProviderJoin(member, accountHref, await headers())), "keep");

export const partProviderAction = async (id: string): Promise<ActionOutcome> =>
  actOn({ id: z.string() }, { id }, (member, joined) => partProvider(member, joined.id));
