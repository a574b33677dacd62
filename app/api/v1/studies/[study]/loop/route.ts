import { readJson } from "@/lib/bodies/read-body.ts";
import { getLoop, startLoop } from "@/lib/loops/loops.ts";
import { handle } from "../../../../_handler.ts";

type Params = { study: string };

export const GET = handle<Params>(({ actor, params }) => getLoop(actor, params.study));

export const POST = handle<Params>(async ({ actor, params, request }) =>
  startLoop(actor, params.study, await readJson(request, "startLoop")),
);
