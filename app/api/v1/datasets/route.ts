import { readJson } from "@/lib/bodies/read-body.ts";
import { createDataset, listDatasets } from "@/lib/datasets/datasets.ts";
import { handle } from "../../_handler.ts";

export const GET = handle(async ({ actor, query }) => ({
  datasets: await listDatasets(actor, query.get("project") ?? undefined),
}));
export const POST = handle(async ({ actor, request }) =>
  createDataset(actor, await readJson(request, "createDataset")),
);
