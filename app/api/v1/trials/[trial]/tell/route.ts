import { readJson } from "@/lib/bodies/read-body.ts";
import { tellTrial } from "@/lib/queue/lease.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ trial: string }>(async ({ actor, params, request }) =>
  tellTrial(actor, params.trial, await readJson(request, "tellTrial")),
);
