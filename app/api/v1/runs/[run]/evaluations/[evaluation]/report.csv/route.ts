import { readReportCsv } from "@/lib/evaluations/report-file.ts";
import { attachment } from "../../../../../../_file-name.ts";
import { handle } from "../../../../../../_handler.ts";

export const GET = handle<{ run: string; evaluation: string }>(
  async ({ actor, params }) =>
    new Response(await readReportCsv(actor, params.run, params.evaluation), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": attachment(`report-${params.evaluation}.csv`),
        "cache-control": "private, no-cache",
      },
    }),
);
