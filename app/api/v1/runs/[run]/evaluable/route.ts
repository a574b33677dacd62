import { askEvaluable } from "@/lib/evaluations/may-evaluate.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ run: string }>(async ({ actor, params, query }) =>
  askEvaluable(actor, params.run, Object.fromEntries(query)),
);
