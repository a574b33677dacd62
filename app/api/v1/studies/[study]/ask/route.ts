import { readJson } from "@/lib/bodies/read-body.ts";
import { askStudy } from "@/lib/studies/claim.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ study: string }>(async ({ actor, params, request }) =>
  askStudy(actor, params.study, await readJson(request, "askStudy")),
);
