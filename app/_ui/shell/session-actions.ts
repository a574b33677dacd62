"use server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { applyCookies, currentMember } from "@/app/_session.ts";
import { signInHref } from "@/app/paths.ts";
import { signOut } from "@/lib/access/sign-in.ts";

export async function signOutAction(): Promise<void> {
  await currentMember();
  const { setCookies } = await signOut(await headers());
  await applyCookies(setCookies);
  redirect(signInHref());
}
