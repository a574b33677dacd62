import { Download } from "lucide-react";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { PrintButton } from "@/app/_ui/report/print-button.tsx";
import { reportApi, reportCsvApi } from "@/app/paths.ts";
import type { Actor } from "@/lib/access/actor.ts";
import { can } from "@/lib/access/permissions.ts";
import type { ReportPage } from "@/lib/evaluations/live/report-page.ts";
import { listShares } from "@/lib/evaluations/shares/shares.ts";
import { SHARE_DAYS_MAX } from "@/lib/wire/evaluations/shares.ts";
import { ClaimButton } from "./claim-button.tsx";
import { ShareReport } from "./share-report.tsx";

type ReportHeadProps = { page: ReportPage; member: Actor };

/** Ways to take the report away, and to share it where that is allowed. */
export async function ReportHead({ page: { run, evaluation, sharing }, member }: ReportHeadProps) {
  const shares =
    sharing && can(member, "reports.share", run.projectId) ? await listShares(member, run.id, evaluation.id) : null;
  return (
    <span className="flex flex-wrap gap-2 print:hidden">
      {shares && <ShareReport run={run.id} evaluation={evaluation.id} shares={shares} daysMax={SHARE_DAYS_MAX} />}
      {evaluation.status === "done" && can(member, "champions.claim", run.projectId) && (
        <ClaimButton run={{ id: run.id, name: run.name }} />
      )}
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
