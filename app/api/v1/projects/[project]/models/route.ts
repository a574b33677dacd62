import { readJson } from "@/lib/bodies/read-body.ts";
import { importModel } from "@/lib/interop/import-model.ts";
import { handle } from "../../../../_handler.ts";

type Params = { project: string };

export const POST = handle<Params>(async ({ actor, params, request }) =>
  importModel(actor, params.project, await readJson(request, "importModel")),
);
