import { listEvaluatedSamples } from "@/lib/evaluations/live/samples.ts";
import { handle } from "../../../../../../_handler.ts";

export const GET = handle<{ run: string; evaluation: string }>(({ actor, params, query }) =>
  listEvaluatedSamples(actor, params.run, params.evaluation, Object.fromEntries(query)),
);
