import { readJson } from "@/lib/bodies/read-body.ts";
import { confirmLook, readLedger } from "@/lib/evaluations/ledger.ts";
import { handle } from "../../../../_handler.ts";

type Params = { manifest: string };

export const GET = handle<Params>(({ actor, params, query }) =>
  readLedger(actor, query.get("project") ?? undefined, params.manifest),
);

export const POST = handle<Params>(async ({ actor, params, query, request }) =>
  confirmLook(actor, query.get("project") ?? undefined, params.manifest, await readJson(request, "confirmLook")),
);
