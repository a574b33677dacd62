import { readJson } from "@/lib/bodies/read-body.ts";
import { ruleOnCandidate } from "@/lib/loops/rule.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ study: string }>(async ({ actor, params, request }) =>
  ruleOnCandidate(actor, params.study, await readJson(request, "ruleOnCandidate")),
);
