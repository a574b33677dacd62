import { readFileOf } from "@/lib/bodies/read-file.ts";
import { previewSamples } from "@/lib/datasets/preview.ts";
import { handle } from "../../../_handler.ts";

export const POST = handle(async ({ actor, query, request }) =>
  previewSamples(actor, { format: query.get("format") ?? "", part: query.get("part") === "1" }, readFileOf(request)),
);
