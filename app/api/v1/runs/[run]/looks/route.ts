import { readJson } from "@/lib/bodies/read-body.ts";
import { importLooks } from "@/lib/evaluations/test-looks.ts";
import { handle } from "../../../../_handler.ts";

type Params = { run: string };

export const POST = handle<Params>(async ({ actor, params, request }) =>
  importLooks(actor, params.run, await readJson(request, "importLooks")),
);
