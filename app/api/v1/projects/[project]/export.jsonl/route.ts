import { version } from "@/lib/agents/version.ts";
import { exportProject } from "@/lib/exports/export-project.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { attachment } from "../../../../_file-name.ts";
import { handle, streamed } from "../../../../_handler.ts";
import { isAsked } from "../../../../_query.ts";

export const GET = handle<{ project: string }>(async ({ actor, params, query }) => {
  const project = await requireProject(actor, params.project);
  const asked = {
    runs: query.getAll("run"),
    filter: query.get("filter") ?? undefined,
    archived: isAsked(query, "archived"),
    quarantined: query.has("quarantined") ? isAsked(query, "quarantined") : undefined,
  };
  return streamed(exportProject(actor, project.id, asked, version), {
    "content-type": "application/jsonl; charset=utf-8",
    "content-disposition": attachment(`${project.slug}.jsonl`),
    "cache-control": "private, no-store",
  });
});
