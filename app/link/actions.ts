"use server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { applyCookies } from "@/app/_session.ts";
import { settle, textOf } from "@/app/_ui/acts/action.ts";
import { pathWithin } from "@/app/_ui/parts/next-path.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { type LinkOffer, readLink, spendLink } from "@/lib/access/sign-in.ts";

/** What the link offers, without spending it; null if it is spent, expired or unknown. */
export async function readLinkAction(secret: string): Promise<LinkOffer | null> {
  return typeof secret === "string" ? readLink(secret) : null;
}

/** Signs in and goes to `next`, a path of this site, or home. */
export async function spendLinkAction(
  secret: string,
  next: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  const outcome = await settle(async () => {
    const name = textOf(form, "name");
    const given = { secret, email: textOf(form, "email"), password: textOf(form, "password"), ...(name && { name }) };
    const { setCookies } = await spendLink(given, await headers());
    await applyCookies(setCookies);
  });
  if (outcome.ok) redirect(pathWithin(next));
  return outcome;
}
