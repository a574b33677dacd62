"use server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { applyCookies } from "@/app/_session.ts";
import { settle, textOf } from "@/app/_ui/action.ts";
import type { Outcome } from "@/app/_ui/outcome.ts";
import { type LinkOffer, readLink, spendLink } from "@/lib/access/sign-in.ts";

/** What the link offers, without spending it; null if it is spent, expired or unknown. */
export async function readLinkAction(secret: string): Promise<LinkOffer | null> {
  return typeof secret === "string" ? readLink(secret) : null;
}

export async function spendLinkAction(secret: string, _previous: Outcome | null, form: FormData): Promise<Outcome> {
  const outcome = await settle(async () => {
    const [email, password, name] = ["email", "password", "name"].map((field) => textOf(form, field)) as [
      string,
      string,
      string,
    ];
    const given = { secret, email, password, ...(form.has("name") ? { name } : {}) };
    const { setCookies } = await spendLink(given, await headers());
    await applyCookies(setCookies);
  });
  if (outcome.ok) redirect("/");
  return outcome;
}
