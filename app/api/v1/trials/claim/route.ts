import { readJson } from "@/lib/bodies/read-body.ts";
import { claimNext } from "@/lib/studies/claim.ts";
import { handle } from "../../../_handler.ts";

export const POST = handle(async ({ actor, request }) => claimNext(actor, await readJson(request, "claimTrial")));
