import { createDataset } from "@/lib/manifests/datasets.ts";
import { handle, readJson } from "../../_handler.ts";

export const POST = handle(async ({ actor, request }) => createDataset(actor, await readJson(request)));
