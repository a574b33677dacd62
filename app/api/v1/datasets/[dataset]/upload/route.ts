import { readFileOf } from "@/lib/bodies/read-file.ts";
import { uploadSamples } from "@/lib/datasets/upload.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ dataset: string }>(async ({ actor, params, query, request }) =>
  uploadSamples(
    actor,
    params.dataset,
    {
      format: query.get("format") ?? "",
      target: query.get("target"),
      columns: query.get("columns"),
      blanks: query.get("blanks"),
    },
    readFileOf(request),
  ),
);
