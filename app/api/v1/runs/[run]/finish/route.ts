import { readJson } from "@/lib/bodies/read-body.ts";
import { endRun } from "@/lib/metrics/end-run.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ run: string }>(async ({ actor, params, request }) =>
  endRun(actor, params.run, await readJson(request, "finishRun")),
);
