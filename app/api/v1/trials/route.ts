import { readJson } from "@/lib/bodies/read-body.ts";
import { queueTrial } from "@/lib/queue/new-trial.ts";
import { handle } from "../../_handler.ts";

export const POST = handle(async ({ actor, request }) => queueTrial(actor, await readJson(request, "queueTrial")));
