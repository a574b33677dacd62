import { readJson } from "@/lib/bodies/read-body.ts";
import { concludeChecked } from "@/lib/studies/checks.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ study: string }>(async ({ actor, params, request }) =>
  concludeChecked(actor, params.study, await readJson(request, "concludeStudy")),
);
