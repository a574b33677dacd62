"use server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { applyCookies } from "@/app/_session.ts";
import { settle, textOf } from "@/app/_ui/acts/action.ts";
import { pathWithin } from "@/app/_ui/parts/next-path.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { askPasskey, signInWithPasskey } from "@/lib/access/passkeys.ts";
import { signIn } from "@/lib/access/sign-in.ts";

/** Signs in and goes to `next`, a path of this site, or home. */
export async function signInAction(
  next: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  const outcome = await settle(async () => {
    const given = { email: textOf(form, "email"), password: textOf(form, "password") };
    const { setCookies } = await signIn(given, await headers());
    await applyCookies(setCookies);
  });
  if (outcome.ok) redirect(pathWithin(next));
  return outcome;
}

/** What the browser is asked to show; its answer goes to `passkeySignInAction`. */
export async function askPasskeyAction(): Promise<ActionOutcome<object>> {
  return settle(async () => {
    const { options, setCookies } = await askPasskey(await headers());
    await applyCookies(setCookies);
    return options;
  });
}

/** Signs in with a passkey and goes to `next`, a path of this site, or home. */
export async function passkeySignInAction(next: string, response: object): Promise<ActionOutcome> {
  const outcome = await settle(async () => {
    const { setCookies } = await signInWithPasskey(response, await headers());
    await applyCookies(setCookies);
  });
  if (outcome.ok) redirect(pathWithin(next));
  return outcome;
}
