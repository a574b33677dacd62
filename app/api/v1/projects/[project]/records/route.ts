import { readJson } from "@/lib/bodies/read-body.ts";
import { importRecords } from "@/lib/exports/imported.ts";
import { handle } from "../../../../_handler.ts";

type Params = { project: string };

export const POST = handle<Params>(async ({ actor, params, request }) =>
  importRecords(actor, params.project, await readJson(request, "importRecords")),
);
