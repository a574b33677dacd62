import { readJson } from "@/lib/bodies/read-body.ts";
import { registerWorker } from "@/lib/queue/workers.ts";
import { handle } from "../../_handler.ts";

export const POST = handle(async ({ actor, request }) =>
  registerWorker(actor, await readJson(request, "registerWorker")),
);
