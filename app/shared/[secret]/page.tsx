/** A report as anybody reads it who holds its link: without acts, and without samples. */
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { connection } from "next/server";
import { Time } from "@/app/_ui/parts/time.tsx";
import { PanelFrame } from "@/app/_ui/report/frame/panel-frame.tsx";
import { sharedPanelsOf } from "@/app/_ui/report/panels.ts";
import { systemActor } from "@/lib/access/actor.ts";
import { isFilled, readReportPage } from "@/lib/evaluations/live/report-page.ts";
import { openShare } from "@/lib/evaluations/shares/shares.ts";

// the title says nothing of what is shared: it stands in histories and previews
export const metadata: Metadata = {
  title: "Shared report",
  robots: { index: false, follow: false },
  referrer: "no-referrer",
};

export default async function SharedPage({ params }: { params: Promise<{ secret: string }> }) {
  await connection();
  const share = await openShare(decodeURIComponent((await params).secret));
  if (!share) notFound();
  const page = await readReportPage(systemActor, share.runId, share.evaluationId);
  if (!isFilled(page)) notFound();
  const { run, evaluation } = page;
  return (
    <main className="mx-auto max-w-300">
      <header className="grid gap-1 border-b border-line px-4 py-6 md:px-6">
        <h1 className="text-lg font-semibold">
          {run.name}: report on {evaluation.split}
        </h1>
        <p className="text-sm text-muted">
          {run.projectName}. Shared to be read by {share.createdBy}; the link expires <Time at={share.expiresAt} />.
        </p>
      </header>
      <div className="report">
        {sharedPanelsOf(evaluation.task).map((panel) => (
          <PanelFrame key={panel.name} panel={panel} page={page} member={systemActor} query={new URLSearchParams()} />
        ))}
      </div>
    </main>
  );
}
