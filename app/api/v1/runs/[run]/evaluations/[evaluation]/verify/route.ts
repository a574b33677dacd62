import { readJson } from "@/lib/bodies/read-body.ts";
import { verifyReport } from "@/lib/evaluations/report-file.ts";
import { handle } from "../../../../../../_handler.ts";

export const POST = handle<{ run: string; evaluation: string }>(async ({ actor, params, request }) =>
  verifyReport(actor, params.run, params.evaluation, await readJson(request, "verifyReport")),
);
