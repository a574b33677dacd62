import { readJson } from "@/lib/bodies/read-body.ts";
import { createWriter } from "@/lib/runs/writers.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ run: string }>(async ({ actor, params, request }) =>
  createWriter(actor, params.run, await readJson(request, "createWriter")),
);
