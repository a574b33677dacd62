import { readJson } from "@/lib/bodies/read-body.ts";
import { createEvaluation, listEvaluations } from "@/lib/evaluations/evaluations.ts";
import { handle } from "../../../../_handler.ts";

type Params = { run: string };

export const GET = handle<Params>(async ({ actor, params }) => ({
  evaluations: await listEvaluations(actor, params.run),
}));

export const POST = handle<Params>(async ({ actor, params, request }) =>
  createEvaluation(actor, params.run, await readJson(request, "createEvaluation")),
);
