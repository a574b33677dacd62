import { compareRuns, parseSummary } from "@/lib/compare/comparison.ts";
import { readEvaluatedTexts } from "@/lib/compare/export/read-evaluated.ts";
import { comparisonFormat, comparisonText } from "@/lib/compare/export/text.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { attachment } from "../../../../_file-name.ts";
import { handle } from "../../../../_handler.ts";
import { isAsked } from "../../../../_query.ts";

const files = {
  csv: { type: "text/csv; charset=utf-8", name: "comparison.csv" },
  markdown: { type: "text/markdown; charset=utf-8", name: "comparison.md" },
};

export const GET = handle<{ project: string }>(async ({ actor, params, query }) => {
  const format = comparisonFormat(query.get("format"));
  const comparison = await compareRuns(actor, params.project, {
    runs: query.has("run") ? query.getAll("run") : null,
    filter: query.get("filter") ?? undefined,
    sort: query.get("sort") ?? undefined,
    archived: isAsked(query, "archived"),
    baseline: query.get("baseline"),
    summary: parseSummary(query.get("summary")),
  });
  if (format === "json") return comparison;
  const shown = { hidden: query.getAll("hide"), all: isAsked(query, "all") };
  const evaluations = await readEvaluatedTexts(actor, await requireProject(actor, params.project), comparison);
  return new Response(comparisonText(comparison, evaluations, format, shown), {
    headers: {
      "content-type": files[format].type,
      "content-disposition": attachment(files[format].name),
      "cache-control": "private, no-store",
    },
  });
});
