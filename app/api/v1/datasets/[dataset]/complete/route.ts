import { completeDataset } from "@/lib/datasets/datasets.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ dataset: string }>(async ({ actor, params }) => completeDataset(actor, params.dataset));
