import { readJson } from "@/lib/bodies/read-body.ts";
import { renewTrial } from "@/lib/studies/early-stop.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ trial: string }>(async ({ actor, params, request }) =>
  renewTrial(actor, params.trial, await readJson(request, "renewTrial")),
);
