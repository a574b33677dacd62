import { createCheckpoint, listCheckpoints } from "@/lib/artifacts/checkpoints.ts";
import { readJson } from "@/lib/bodies/read-body.ts";
import { handle } from "../../../../_handler.ts";

type Params = { run: string };

export const GET = handle<Params>(async ({ actor, params }) => ({
  checkpoints: await listCheckpoints(actor, params.run),
}));

export const POST = handle<Params>(async ({ actor, params, request }) =>
  createCheckpoint(actor, params.run, await readJson(request, "createCheckpoint")),
);
