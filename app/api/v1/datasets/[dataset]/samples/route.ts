import { readJson } from "@/lib/bodies/read-body.ts";
import { addSamples } from "@/lib/datasets/datasets.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ dataset: string }>(async ({ actor, params, request }) =>
  addSamples(actor, params.dataset, await readJson(request, "addDatasetSamples")),
);
