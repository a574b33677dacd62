import { readJson } from "@/lib/bodies/read-body.ts";
import { createRun, listRuns } from "@/lib/runs/runs.ts";
import { handle } from "../../_handler.ts";

export const GET = handle(async ({ actor, query }) => listRuns(actor, Object.fromEntries(query)));
export const POST = handle(async ({ actor, request }) => createRun(actor, await readJson(request, "createRun")));
