import { readJson } from "@/lib/bodies/read-body.ts";
import { endRunAndTrial } from "@/lib/queue/end-trial.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ run: string }>(async ({ actor, params, request }) =>
  endRunAndTrial(actor, params.run, await readJson(request, "finishRun")),
);
