import { readFileOf } from "@/lib/bodies/read-file.ts";
import { uploadQuery, uploadSamples } from "@/lib/datasets/upload.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ dataset: string }>(async ({ actor, params, query, request }) =>
  uploadSamples(actor, params.dataset, uploadQuery(query), readFileOf(request)),
);
