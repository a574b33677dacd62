import { readJson } from "@/lib/bodies/read-body.ts";
import { getRefereeSplit, registerRefereeSplit } from "@/lib/manifests/referee-split.ts";
import { handle } from "../../../../_handler.ts";

type Params = { manifest: string };

export const GET = handle<Params>(({ actor, params, query }) =>
  getRefereeSplit(actor, query.get("project") ?? undefined, params.manifest),
);

export const POST = handle<Params>(async ({ actor, params, query, request }) =>
  registerRefereeSplit(
    actor,
    query.get("project") ?? undefined,
    params.manifest,
    await readJson(request, "registerRefereeSplit"),
  ),
);
