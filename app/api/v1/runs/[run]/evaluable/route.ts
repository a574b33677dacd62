import { askEvaluable } from "@/lib/evaluations/may-evaluate.ts";
import { wordedEvaluable } from "@/lib/words/evaluable-words.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ run: string }>(async ({ actor, params, query }) =>
  wordedEvaluable(await askEvaluable(actor, params.run, Object.fromEntries(query))),
);
