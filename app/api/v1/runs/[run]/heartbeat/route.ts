import { readJson } from "@/lib/bodies/read-body.ts";
import { heartbeat } from "@/lib/runs/status.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ run: string }>(async ({ actor, params, request }) =>
  heartbeat(actor, params.run, await readJson(request, "heartbeat")),
);
