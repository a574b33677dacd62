import { Download, GitBranch } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { PrintButton } from "@/app/_ui/report/print-button.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { historyApi, projectHref, reviewsHref } from "@/app/paths.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { readHistory } from "@/lib/reviews/history.ts";
import { Decided } from "./decided.tsx";
import { StudyNode } from "./study-node.tsx";

export const metadata: Metadata = { title: "History" };

export default async function HistoryPage({ params }: { params: Promise<{ slug: string }> }) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const { studies, decisions } = await readHistory(member, project);
  const { slug } = project;
  return (
    <>
      <PageHeader
        title="History"
        above={[
          { label: project.name, href: projectHref(slug) },
          { label: "Reviews", href: reviewsHref(slug) },
        ]}
        actions={
          <span className="flex flex-wrap items-center gap-2 print:hidden">
            <LivePage filter={{ reviews: project.id }} />
            <a href={historyApi(slug, "markdown")} download className={buttonClass()}>
              <Download aria-hidden />
              Markdown
            </a>
            <PrintButton>Print or save as PDF</PrintButton>
          </span>
        }
      />
      {studies.length === 0 && decisions.length === 0 ? (
        <Empty icon={GitBranch} title="Nothing was decided yet">
          <p>
            Studies and what they adopted stand here as a tree, with the reasons and what changed from one to the next;
            claims and{" "}
            <Link href={reviewsHref(slug)} prefetch={false} className="underline">
              reviews
            </Link>{" "}
            below it.
          </p>
        </Empty>
      ) : (
        <div className="grid max-w-240 gap-8 px-4 py-6 md:px-6">
          {studies.length > 0 && (
            <section aria-labelledby="studies" className="grid gap-4">
              <h2 id="studies" className="text-base font-medium">
                Studies
              </h2>
              <ol className="grid gap-5">
                {studies.map((study) => (
                  <StudyNode key={study.id} slug={slug} study={study} />
                ))}
              </ol>
            </section>
          )}
          {decisions.length > 0 && (
            <section aria-labelledby="decisions" className="grid gap-4">
              <h2 id="decisions" className="text-base font-medium">
                Claims and reviews of runs
              </h2>
              <ol className="grid gap-5">
                {decisions.map((decision) => (
                  <Decided key={`${decision.kind} ${decision.number} ${decision.at}`} slug={slug} decision={decision} />
                ))}
              </ol>
            </section>
          )}
        </div>
      )}
    </>
  );
}
