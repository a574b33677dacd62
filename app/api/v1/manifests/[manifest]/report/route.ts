import { getReport } from "@/lib/checks/report.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ manifest: string }>(async ({ actor, params, query }) =>
  getReport(actor, query.get("project") ?? undefined, params.manifest),
);
