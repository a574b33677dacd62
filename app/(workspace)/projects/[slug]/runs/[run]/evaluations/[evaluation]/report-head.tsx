import { Download } from "lucide-react";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { reportApi, reportCsvApi } from "@/app/paths.ts";
import type { ReportPage } from "@/lib/evaluations/live/report-page.ts";
import { PrintButton } from "./print-button.tsx";

/** Ways to take the report away. */
export function ReportHead({ page: { run, evaluation } }: { page: ReportPage }) {
  return (
    <span className="flex flex-wrap gap-2 print:hidden">
      <PrintButton />
      <a href={reportApi(run.id, evaluation.id)} download={`report-${evaluation.id}.json`} className={buttonClass()}>
        <Download aria-hidden />
        JSON
      </a>
      <a href={reportCsvApi(run.id, evaluation.id)} download className={buttonClass()}>
        <Download aria-hidden />
        CSV
      </a>
    </span>
  );
}
