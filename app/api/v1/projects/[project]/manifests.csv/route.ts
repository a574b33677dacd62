import { exportManifestList } from "@/lib/checks/list-csv.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { attachment } from "../../../../_file-name.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ project: string }>(async ({ actor, params }) => {
  const project = await requireProject(actor, params.project);
  return new Response(await exportManifestList(actor, project.id), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": attachment(`${project.slug}-manifests.csv`),
      "cache-control": "private, no-store",
    },
  });
});
