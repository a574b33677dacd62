import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { projectHref, runHref } from "@/app/paths.ts";
import { isFilled, readReportPage } from "@/lib/evaluations/live/report-page.ts";
import { asProblem } from "@/lib/problem.ts";
import { PanelFrame } from "./_panels/panel-frame.tsx";
import { panels } from "./_panels/panels.ts";
import { ReportHead } from "./report-head.tsx";
import { ReportIndex } from "./report-index.tsx";
import { ReportStatus } from "./report-status.tsx";

type Props = {
  params: Promise<{ slug: string; run: string; evaluation: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

async function find({ params }: Pick<Props, "params">) {
  const member = await currentMember();
  const { slug, run, evaluation } = await params;
  const page = await readReportPage(member, run, evaluation).catch((error: unknown) => {
    if (asProblem(error)?.kind === "not-found") return null;
    throw error;
  });
  return { member, page: page?.run.slug === decodeURIComponent(slug) ? page : null };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { page } = await find(props);
  return { title: page ? `${page.run.name} on ${page.evaluation.split}` : "No such evaluation" };
}

export default async function ReportPage(props: Props) {
  const [{ member, page }, searchParams] = await Promise.all([find(props), props.searchParams]);
  if (!page) notFound();
  const { run, evaluation } = page;
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
        actions={evaluation.status === "done" ? <ReportHead page={page} /> : <LivePage filter={{ run: run.id }} />}
      />
      {isFilled(page) ? (
        <div className="report grid grid-cols-[minmax(0,1fr)] xl:grid-cols-[minmax(0,1fr)_180px]">
          <div className="min-w-0">
            {panels.map((panel) => (
              <PanelFrame key={panel.name} panel={panel} page={page} member={member} query={query} />
            ))}
          </div>
          <ReportIndex names={panels.map(({ name }) => name)} />
        </div>
      ) : (
        <ReportStatus page={page} />
      )}
    </>
  );
}
