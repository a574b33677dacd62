import { readJson } from "@/lib/bodies/read-body.ts";
import { postRefereePredictions } from "@/lib/loops/referee-scores.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ run: string }>(async ({ actor, params, request }) =>
  postRefereePredictions(actor, params.run, await readJson(request, "postRefereePredictions")),
);
