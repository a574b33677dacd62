import { type ExportFormat, exportFormats, exportManifest } from "@/lib/manifests/samples.ts";
import { ProblemError } from "@/lib/problem.ts";
import { attachment } from "../../../../_file-name.ts";
import { handle, streamed } from "../../../../_handler.ts";

export const GET = handle<{ manifest: string }>(({ actor, params, query }) => {
  const format = query.get("format") ?? "";
  if (!(format in exportFormats))
    throw new ProblemError("invalid", `format: ${JSON.stringify(format)} is none of csv, jsonl, parquet`, [
      { field: "format", detail: "csv, jsonl or parquet is right" },
    ]);
  const pieces = exportManifest(actor, query.get("project") ?? undefined, params.manifest, format as ExportFormat);
  return streamed(pieces, {
    "content-type": exportFormats[format as ExportFormat],
    "content-disposition": attachment(`${params.manifest.slice(0, 12)}.${format}`),
    "cache-control": "private, no-cache",
  });
});
