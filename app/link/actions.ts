"use server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { applyCookies } from "@/app/_session.ts";
import { settle, textOf } from "@/app/_ui/acts/action.ts";
import { addressOf } from "@/app/_ui/acts/provider-step.ts";
import { pathWithin } from "@/app/_ui/parts/next-path.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { beginProviderInvitation } from "@/lib/access/provider-sign-in.ts";
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

/** The address of the provider, where whoever holds the invitation goes on to join by it. */
export const acceptByProviderAction = async (secret: string, next: string): Promise<ActionOutcome<string>> =>
  settle(async () => addressOf(await beginProviderInvitation(String(secret), pathWithin(next), await headers())));
