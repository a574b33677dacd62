import { readJson } from "@/lib/bodies/read-body.ts";
import { addTrials } from "@/lib/studies/ask.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ study: string }>(async ({ actor, params, request }) => ({
  trials: await addTrials(actor, params.study, await readJson(request, "addTrials")),
}));
