import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { PanelFrame } from "@/app/_ui/report/frame/panel-frame.tsx";
import { panelsOf } from "@/app/_ui/report/panels.ts";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { projectHref, runHref } from "@/app/paths.ts";
import { isFilled } from "@/lib/evaluations/live/report-page.ts";
import { countThreads } from "@/lib/reviews/read-threads.ts";
import { subjectText } from "@/lib/wire/reviews/anchors.ts";
import { CardOnPaper } from "./card-on-paper.tsx";
import { findReport, type ReportParams } from "./find-report.ts";
import { ReportHead } from "./report-head.tsx";
import { ReportIndex } from "./report-index.tsx";
import { ReportStatus } from "./report-status.tsx";

type Props = {
  params: ReportParams;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { page } = await findReport(props.params);
  return { title: page ? `${page.run.name} on ${page.evaluation.split}` : "No such evaluation" };
}

export default async function ReportPage(props: Props) {
  const [{ member, page }, searchParams] = await Promise.all([findReport(props.params), props.searchParams]);
  if (!page) notFound();
  const { run, evaluation } = page;
  const panels = panelsOf(evaluation.task);
  const subject = { kind: "evaluation", id: evaluation.id } as const;
  const talk = isFilled(page)
    ? {
        projectId: run.projectId,
        subject: subjectText(subject),
        counts: await countThreads(member, run.projectId, subject),
      }
    : undefined;
  const query = new URLSearchParams(
    Object.entries(searchParams).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
  return (
    <>
      <PageHeader
        title={`Report on ${evaluation.split}`}
        above={[
          { label: run.projectName, href: projectHref(run.slug) },
          { label: run.name, href: runHref(run.slug, run.id, "evaluations") },
        ]}
        actions={
          isFilled(page) ? (
            <ReportHead page={page} member={member} />
          ) : (
            evaluation.status !== "done" && <LivePage filter={{ run: run.id }} />
          )
        }
      />
      {isFilled(page) ? (
        <div className="report grid grid-cols-[minmax(0,1fr)] xl:grid-cols-[minmax(0,1fr)_180px]">
          <div className="min-w-0">
            {panels.map((panel) => (
              <PanelFrame key={panel.name} panel={panel} page={page} member={member} query={query} talk={talk} />
            ))}
            <Suspense>
              <CardOnPaper page={page} member={member} />
            </Suspense>
          </div>
          <ReportIndex names={panels.map(({ name }) => name)} />
        </div>
      ) : (
        <ReportStatus page={page} />
      )}
    </>
  );
}
