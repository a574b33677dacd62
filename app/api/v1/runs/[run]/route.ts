import { readJson } from "@/lib/bodies/read-body.ts";
import { getRun, updateRun } from "@/lib/runs/runs.ts";
import { handle, orNotFound } from "../../../_handler.ts";

type Params = { run: string };

export const GET = handle<Params>(async ({ actor, params }) =>
  orNotFound(await getRun(actor, params.run), `run ${params.run}`),
);

export const PATCH = handle<Params>(async ({ actor, params, request }) =>
  updateRun(actor, params.run, await readJson(request, "updateRun")),
);
