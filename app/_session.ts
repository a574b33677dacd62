/** The signed-in member of a page's or a server action's request. */
import { homeHref, signInHref } from "@/app/paths.ts";
import "server-only";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { MemberActor } from "@/lib/access/actor.ts";
import { memberFromHeaders } from "@/lib/access/sign-in.ts";
import { rememberBy } from "@/lib/once.ts";

// parts of a page ask lib for the same thing: React remembers the answers while it renders the page
rememberBy(cache);

/** The member, or null for a stranger. Read once a request. */
export const optionalMember = cache(async (): Promise<MemberActor | null> => memberFromHeaders(await headers()));

/** The member; a stranger is sent to sign in, and then to the page that was asked for. */
export async function currentMember(): Promise<MemberActor> {
  const member = await optionalMember();
  if (member) return member;
  const path = (await headers()).get("x-path") ?? homeHref;
  redirect(signInHref(path));
}

/** Passes on the cookies that lib/access made, from a server action. */
export async function applyCookies(setCookies: string[]): Promise<void> {
  const jar = await cookies();
  for (const line of setCookies) {
    const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
    const equals = pair.indexOf("=");
    const facts = new Map(
      attributes.map((attribute) => {
        const [name = "", value = ""] = attribute.split("=", 2);
        return [name.toLowerCase(), value];
      }),
    );
    const maxAge = facts.get("max-age");
    jar.set(pair.slice(0, equals), decodeURIComponent(pair.slice(equals + 1)), {
      path: facts.get("path") ?? "/",
      httpOnly: facts.has("httponly"),
      secure: facts.has("secure"),
      sameSite: "lax",
      ...(maxAge === undefined ? {} : { maxAge: Number(maxAge) }),
    });
  }
}
