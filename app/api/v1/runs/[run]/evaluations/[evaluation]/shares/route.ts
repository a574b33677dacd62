import { readJson } from "@/lib/bodies/read-body.ts";
import { createShare, listShares } from "@/lib/evaluations/shares/shares.ts";
import { handle } from "../../../../../../_handler.ts";

type Params = { run: string; evaluation: string };

export const GET = handle<Params>(async ({ actor, params }) => ({
  shares: await listShares(actor, params.run, params.evaluation),
}));

export const POST = handle<Params>(async ({ actor, params, request }) =>
  createShare(actor, params.run, params.evaluation, await readJson(request, "createShare")),
);
