import { readJson } from "@/lib/bodies/read-body.ts";
import { updateTrial } from "@/lib/queue/act.ts";
import { requireTrial } from "@/lib/queue/trials.ts";
import { handle } from "../../../_handler.ts";

type Params = { trial: string };

export const GET = handle<Params>(async ({ actor, params }) => requireTrial(actor, params.trial));

export const PATCH = handle<Params>(async ({ actor, params, request }) =>
  updateTrial(actor, params.trial, await readJson(request, "updateTrial")),
);
