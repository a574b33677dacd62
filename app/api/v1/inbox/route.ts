import { readJson } from "@/lib/bodies/read-body.ts";
import { getInbox, readInbox } from "@/lib/reviews/inbox.ts";
import { handle } from "../../_handler.ts";

export const GET = handle(({ actor }) => getInbox(actor));

export const POST = handle(async ({ actor, request }) => readInbox(actor, await readJson(request, "markSeen")));
