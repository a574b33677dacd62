import { Written } from "@/app/_ui/parts/written.tsx";
import { getReport } from "@/lib/checks/report.ts";
import { leadOf } from "@/lib/evaluations/live/report-page.ts";
import { checkTitle, checkWords } from "@/lib/words/check-words.ts";
import { limitWords } from "@/lib/words/report/limit-words.ts";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

/** When not to believe the number: what the product knows, and what the author wrote with the run. */
async function Limits({ page, member }: PanelProps) {
  const { evaluation, ledger, manifest, run, soundness, stored } = page;
  const { checks } = await getReport(member, run.projectId, manifest.id);
  const lead = leadOf(page);
  const limits = [
    ...limitWords({
      panels: stored.report.panels,
      soundness,
      ledger,
      split: evaluation.split,
      seeds: page.beside.filter((one) => one.splitDigest === evaluation.splitDigest).length,
      lead: lead?.interval ?? null,
    }),
    ...checks
      .filter(({ verdict }) => verdict === "warn" || verdict === "block" || verdict === "cannot-tell")
      .map((check) => `${checkTitle(check.name)} of the split: ${checkWords(check)}`),
  ];
  if (limits.length === 0 && run.notes === "") return null;
  return (
    <div className="grid gap-3 text-sm">
      {limits.length > 0 && (
        <ul className="grid max-w-200 list-disc gap-1 pl-5">
          {limits.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
      {run.notes !== "" && (
        <div>
          <h3 className="pb-1 font-medium">What the author says</h3>
          <div className="prose">
            <Written text={run.notes} />
          </div>
        </div>
      )}
    </div>
  );
}

export const limitsPanel: ReportPanel = { name: "limits", content: Limits };
