import { readDoubts } from "@/lib/doubts/doubts.ts";
import { invalid } from "@/lib/problem.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { doubtsMarkdown } from "@/lib/words/doubts/doubt-words.ts";
import { attachment } from "../../../../_file-name.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ project: string }>(async ({ actor, params, query }) => {
  const format = query.get("format") ?? "json";
  if (format !== "json" && format !== "markdown")
    throw invalid("format", `json or markdown, received ${JSON.stringify(format.slice(0, 80))}`);
  const project = await requireProject(actor, params.project);
  const doubts = await readDoubts(actor, project);
  if (format === "json") return doubts;
  return new Response(doubtsMarkdown(project.name, doubts), {
    headers: {
      "content-type": "text/markdown; charset=utf-8",
      "content-disposition": attachment("doubts.md"),
      "cache-control": "private, no-store",
    },
  });
});
