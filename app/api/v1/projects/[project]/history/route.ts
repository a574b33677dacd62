import { invalid } from "@/lib/problem.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { readHistory } from "@/lib/reviews/history.ts";
import { historyMarkdown } from "@/lib/words/reviews/history-words.ts";
import { attachment } from "../../../../_file-name.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ project: string }>(async ({ actor, params, query }) => {
  const format = query.get("format") ?? "json";
  if (format !== "json" && format !== "markdown")
    throw invalid("format", `json or markdown, received ${JSON.stringify(format.slice(0, 80))}`);
  const project = await requireProject(actor, params.project);
  const history = await readHistory(actor, project);
  if (format === "json") return history;
  return new Response(historyMarkdown(project.name, history), {
    headers: {
      "content-type": "text/markdown; charset=utf-8",
      "content-disposition": attachment("history.md"),
      "cache-control": "private, no-store",
    },
  });
});
