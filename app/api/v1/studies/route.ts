import { readJson } from "@/lib/bodies/read-body.ts";
import { createStudy } from "@/lib/studies/studies.ts";
import { handle } from "../../_handler.ts";

export const POST = handle(async ({ actor, request }) => createStudy(actor, await readJson(request, "createStudy")));
