/** Where the provider sends the browser back to. */
import { finishProviderSignIn } from "@/lib/access/provider-sign-in.ts";
import { answerStep } from "../_step.ts";

export const GET = (request: Request): Promise<Response> =>
  answerStep(finishProviderSignIn(new URL(request.url).searchParams, request.headers));
