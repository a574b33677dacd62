import { Readable } from "node:stream";
import { type ExportFormat, exportFormats, exportManifest } from "@/lib/manifests/samples.ts";
import { ProblemError } from "@/lib/problem.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ manifest: string }>(async ({ actor, params, query }) => {
  const format = query.get("format") ?? "";
  if (!(format in exportFormats))
    throw new ProblemError("invalid", `format: ${JSON.stringify(format)} is none of csv, jsonl, parquet`, [
      { field: "format", detail: "csv, jsonl or parquet is right" },
    ]);
  const pieces = exportManifest(actor, query.get("project") ?? undefined, params.manifest, format as ExportFormat);
  // the first piece is read before the answer begins, so that a refusal is a problem and not a broken stream
  const first = await pieces.next();
  const all = async function* () {
    if (first.value) yield first.value;
    yield* pieces;
  };
  return new Response(Readable.toWeb(Readable.from(all())) as ReadableStream, {
    headers: {
      "content-type": exportFormats[format as ExportFormat],
      "content-disposition": `attachment; filename="${params.manifest.slice(0, 12)}.${format}"`,
      "cache-control": "private, no-cache",
    },
  });
});
