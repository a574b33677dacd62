import { readReportFile } from "@/lib/evaluations/report-file.ts";
import { handle } from "../../../../../../_handler.ts";

export const GET = handle<{ run: string; evaluation: string }>(async ({ actor, params }) => {
  const { text, digest } = await readReportFile(actor, params.run, params.evaluation);
  // byte for byte: whoever hashes what came has the digest that the page prints
  return new Response(text, {
    headers: { "content-type": "application/json", etag: `"${digest}"`, "cache-control": "private, no-cache" },
  });
});
