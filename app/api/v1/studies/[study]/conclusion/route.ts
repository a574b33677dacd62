import { readJson } from "@/lib/bodies/read-body.ts";
import { concludeStudy } from "@/lib/studies/conclusion.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ study: string }>(async ({ actor, params, request }) =>
  concludeStudy(actor, params.study, await readJson(request, "concludeStudy")),
);
