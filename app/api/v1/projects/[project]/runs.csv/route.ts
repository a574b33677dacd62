import { Readable } from "node:stream";
import { requireProject } from "@/lib/projects/projects.ts";
import { exportRuns } from "@/lib/table/export.ts";
import { attachment } from "../../../../_file-name.ts";
import { handle } from "../../../../_handler.ts";
import { isAsked } from "../../../../_query.ts";

export const GET = handle<{ project: string }>(async ({ actor, params, query }) => {
  const project = await requireProject(actor, params.project);
  const csv = exportRuns(actor, project.id, {
    columns: query.getAll("column"),
    sort: query.get("sort") ?? undefined,
    filter: query.get("filter") ?? undefined,
    archived: isAsked(query, "archived"),
  });
  // the first piece is read before the answer begins, so that a refusal is a problem and not a broken stream
  const first = await csv.next();
  const pieces = async function* () {
    yield Buffer.from(first.value ?? "");
    for await (const piece of csv) yield Buffer.from(piece);
  };
  return new Response(Readable.toWeb(Readable.from(pieces())) as ReadableStream, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": attachment(`${project.slug}-runs.csv`),
      "cache-control": "private, no-store",
    },
  });
});
