import "server-only";
import { applyCookies } from "@/app/_session.ts";
import { readProvider } from "@/lib/access/provider/settings.ts";
import type { ProviderStep } from "@/lib/access/provider-sign-in.ts";
import { ProblemError } from "@/lib/problem.ts";
import { providerRefusalWords } from "./provider-refusal.ts";

/** The address to go to, from a server action; throws `forbidden` with the sentence where it was refused. */
export async function addressOf(step: ProviderStep): Promise<string> {
  if ("refused" in step) {
    const sentence = providerRefusalWords(step.refused, readProvider().provider?.name);
    throw new ProblemError("forbidden", sentence!);
  }
  await applyCookies(step.setCookies);
  return step.url;
}
