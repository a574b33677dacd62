import { getReport } from "@/lib/checks/report.ts";
import { wordedReport } from "@/lib/words/check-words.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ manifest: string }>(async ({ actor, params, query }) =>
  wordedReport(await getReport(actor, query.get("project") ?? undefined, params.manifest)),
);
