import { createWriter } from "@/lib/runs/writers.ts";
import { handle, readJson } from "../../../../_handler.ts";

export const POST = handle<{ run: string }>(async ({ actor, params, request }) =>
  createWriter(actor, params.run, await readJson(request)),
);
