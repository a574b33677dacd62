import { readJson } from "@/lib/bodies/read-body.ts";
import { submitCandidate } from "@/lib/loops/candidates.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ study: string }>(async ({ actor, params, request }) =>
  submitCandidate(actor, params.study, await readJson(request, "submitCandidate")),
);
