import { readCanonicalText } from "@/lib/manifests/manifests.ts";
import { attachment } from "../../../../_file-name.ts";
import { handle, streamed } from "../../../../_handler.ts";

export const GET = handle<{ manifest: string }>(({ actor, params, query }) =>
  streamed(readCanonicalText(actor, query.get("project") ?? undefined, params.manifest), {
    "content-type": "text/tab-separated-values; charset=utf-8",
    "content-disposition": attachment(`${params.manifest}.tsv`),
    "cache-control": "private, no-cache",
  }),
);
