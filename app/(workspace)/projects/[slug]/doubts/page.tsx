/** How far a project's past can be believed: each doubt with its runs, why it is one, and what to do now. */
import { CircleCheck, Download, FlaskConical } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { PrintButton } from "@/app/_ui/report/print-button.tsx";
import { ProjectHeader } from "@/app/_ui/shell/project-header.tsx";
import { doubtsApi, projectHref } from "@/app/paths.ts";
import { readDoubts } from "@/lib/doubts/doubts.ts";
import { getProject } from "@/lib/projects/projects.ts";
import type { Doubts } from "@/lib/wire/doubts.ts";
import { cleanWords, doubtLabels, doubtsSummary, quietKinds, untoldWords } from "@/lib/words/doubts/doubt-words.ts";
import { DoubtItem } from "./doubt-item.tsx";

export const metadata: Metadata = { title: "Doubts" };

export default async function DoubtsPage({ params }: { params: Promise<{ slug: string }> }) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const found = await readDoubts(member, project);
  const { slug } = project;
  return (
    <>
      <ProjectHeader
        project={project}
        actions={
          <span className="flex flex-wrap items-center gap-2 print:hidden">
            <a href={doubtsApi(slug, "markdown")} download className={buttonClass()}>
              <Download aria-hidden />
              Markdown
            </a>
            <PrintButton />
          </span>
        }
      />
      {found.of === 0 ? (
        <Empty icon={FlaskConical} title="No run yet">
          <p>
            Once{" "}
            <Link href={projectHref(slug)} prefetch={false} className="text-accent underline">
              runs
            </Link>{" "}
            are logged or imported, this page says how far their past can be believed: which were picked by a test
            number, whose lead is noise, and what can't be run again.
          </p>
        </Empty>
      ) : (
        <div className="doubts grid max-w-240 gap-8 px-4 py-6 md:px-6">
          <Summary found={found} />
          {found.doubts.length > 0 && (
            <ol aria-label="Doubts" className="grid gap-6">
              {found.doubts.map((doubt) => (
                <DoubtItem key={JSON.stringify(doubt)} projectId={project.id} slug={slug} doubt={doubt} />
              ))}
            </ol>
          )}
          <Lines title={doubtLabels.untold} lines={found.untold.map(untoldWords)} />
          <Lines title={doubtLabels.quiet} lines={quietKinds(found).map(cleanWords)} />
        </div>
      )}
    </>
  );
}

function Summary({ found }: { found: Doubts }) {
  return (
    <div className="grid gap-1">
      <h2 className="flex items-center gap-2 text-base font-medium">
        {found.doubts.length === 0 && <CircleCheck aria-hidden className="size-4 shrink-0 text-finished" />}
        {doubtLabels.heading}
      </h2>
      <p className="text-sm text-muted">{doubtsSummary(found)}</p>
    </div>
  );
}

function Lines({ title, lines }: { title: string; lines: string[] }) {
  if (lines.length === 0) return null;
  return (
    <section aria-label={title} className="grid gap-2 print:break-inside-avoid">
      <h2 className="text-sm font-medium">{title}</h2>
      <ul className="grid max-w-[80ch] gap-1 text-sm text-muted">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
