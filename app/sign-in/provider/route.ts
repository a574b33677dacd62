/** Sends the browser to the provider to sign in. A link leads here: a form's policy would forbid to go on from it. */
import { pathWithin } from "@/app/_ui/parts/next-path.ts";
import { beginProviderSignIn } from "@/lib/access/provider-sign-in.ts";
import { answerStep } from "./_step.ts";

export async function GET(request: Request): Promise<Response> {
  const next = pathWithin(new URL(request.url).searchParams.get("next"));
  return answerStep(beginProviderSignIn(next, request.headers));
}
