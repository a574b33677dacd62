/** Sends a browser on: to the provider, or from it to where it wanted to go, or to the page that says why not. */
import { pathWithin } from "@/app/_ui/parts/next-path.ts";
import { joinRefusedHref, providerRefusedHref } from "@/app/paths.ts";
import type { ProviderStep } from "@/lib/access/provider-sign-in.ts";
import { origin } from "@/lib/origin.ts";
import { asProblem } from "@/lib/problem.ts";

export async function answerStep(step: Promise<ProviderStep>): Promise<Response> {
  const headers = new Headers({ "cache-control": "no-store" });
  try {
    const taken = await step;
    if ("url" in taken) for (const line of taken.setCookies) headers.append("set-cookie", line);
    headers.set("location", new URL(addressOf(taken), origin()).href);
    return new Response(null, { status: 303, headers });
  } catch (error) {
    const problem = asProblem(error);
    if (!problem) throw error;
    headers.set("content-type", "text/plain; charset=utf-8");
    return new Response(problem.detail, { status: problem.status, headers });
  }
}

function addressOf(step: ProviderStep): string {
  if ("url" in step) return step.url;
  const { refused, kind, next } = step;
  return kind === "join" ? joinRefusedHref(refused) : providerRefusedHref(refused, pathWithin(next));
}
