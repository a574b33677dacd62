import { readJson } from "@/lib/bodies/read-body.ts";
import { requireStudy, updateStudy } from "@/lib/studies/studies.ts";
import { handle } from "../../../_handler.ts";

type Params = { study: string };

export const GET = handle<Params>(({ actor, params }) => requireStudy(actor, params.study));

export const PATCH = handle<Params>(async ({ actor, params, request }) =>
  updateStudy(actor, params.study, await readJson(request, "updateStudy")),
);
