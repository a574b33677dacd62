import Link from "next/link";
import { compareEvaluationsHref, runHref } from "@/app/paths.ts";
import { readAgainstChampion } from "@/lib/champions/against.ts";
import { leadOf } from "@/lib/evaluations/live/report-page.ts";
import { requireRun } from "@/lib/runs/runs.ts";
import { againstWords } from "@/lib/words/report/value-words.ts";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

/** The difference to the champion with its interval, and what it comes to. */
async function Incumbent({ page, member }: PanelProps) {
  const { evaluation, run } = page;
  const lead = leadOf(page);
  if (!lead) return null;
  const against = await readAgainstChampion(member, evaluation, { projectId: run.projectId, metric: lead.metric });
  if (against.kind === "none") return null;
  if (against.kind === "itself") return <p className="text-sm">This run is the champion of its manifest.</p>;
  const champion = await requireRun(member, against.run);
  const name = (
    <Link prefetch={false} href={runHref(run.slug, champion.id)} className="text-accent underline">
      {champion.name}
    </Link>
  );
  if (against.kind === "unmeasured")
    return (
      <p className="text-sm">
        The champion is {name}. Nothing compares the two: it wasn't evaluated on this split by this metric.
      </p>
    );
  const pairs = [`${champion.id}/${against.evaluation}`, `${run.id}/${evaluation.id}`];
  return (
    <div className="grid gap-1 text-sm">
      <p className="text-base">{againstWords(against.comparison, lead.metric)}</p>
      <p className="text-muted">
        The champion is {name}; both answered the same samples.{" "}
        <Link prefetch={false} href={compareEvaluationsHref(run.slug, pairs)} className="text-accent underline">
          Compare them sample by sample
        </Link>
      </p>
    </div>
  );
}

export const incumbentPanel: ReportPanel = { name: "incumbent", content: Incumbent };
