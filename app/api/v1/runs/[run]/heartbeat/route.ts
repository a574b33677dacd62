import { heartbeat } from "@/lib/runs/status.ts";
import { handle, readJson } from "../../../../_handler.ts";

export const POST = handle<{ run: string }>(async ({ actor, params, request }) =>
  heartbeat(actor, params.run, await readJson(request)),
);
