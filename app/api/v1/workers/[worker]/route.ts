import { readJson } from "@/lib/bodies/read-body.ts";
import { updateWorker } from "@/lib/queue/workers.ts";
import { handle } from "../../../_handler.ts";

export const PATCH = handle<{ worker: string }>(async ({ actor, params, request }) =>
  updateWorker(actor, params.worker, await readJson(request, "updateWorker")),
);
