import { compareRuns } from "@/lib/compare/comparison.ts";
import { parseSummary } from "@/lib/compare/summary.ts";
import { handle } from "../../../../_handler.ts";
import { isAsked } from "../../../../_query.ts";

export const GET = handle<{ project: string }>(({ actor, params, query }) =>
  compareRuns(actor, params.project, {
    runs: query.has("run") ? query.getAll("run") : null,
    filter: query.get("filter") ?? undefined,
    sort: query.get("sort") ?? undefined,
    archived: isAsked(query, "archived"),
    baseline: query.get("baseline"),
    summary: parseSummary(query.get("summary")),
  }),
);
