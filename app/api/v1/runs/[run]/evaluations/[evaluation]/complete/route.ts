import { completeEvaluation } from "@/lib/evaluations/complete.ts";
import { handle } from "../../../../../../_handler.ts";

export const POST = handle<{ run: string; evaluation: string }>(({ actor, params }) =>
  completeEvaluation(actor, params.run, params.evaluation),
);
