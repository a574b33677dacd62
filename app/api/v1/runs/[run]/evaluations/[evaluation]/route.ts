import { requireEvaluation } from "@/lib/evaluations/evaluations.ts";
import { handle } from "../../../../../_handler.ts";

export const GET = handle<{ run: string; evaluation: string }>(({ actor, params }) =>
  requireEvaluation(actor, params.run, params.evaluation),
);
