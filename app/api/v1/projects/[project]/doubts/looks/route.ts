import { readJson } from "@/lib/bodies/read-body.ts";
import { lookAtPick } from "@/lib/doubts/look-at-pick.ts";
import { handle } from "../../../../../_handler.ts";

export const POST = handle<{ project: string }>(async ({ actor, params, request }) =>
  lookAtPick(actor, params.project, await readJson(request, "lookAtPick")),
);
