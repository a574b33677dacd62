"use server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { applyCookies } from "@/app/_session.ts";
import { settle, textOf } from "@/app/_ui/acts/action.ts";
import { pathWithin } from "@/app/_ui/parts/next-path.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
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
