import { ClipboardCheck } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { EvaluationTable } from "@/app/_ui/domain/evaluation-table.tsx";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { ProjectHeader } from "@/app/_ui/shell/project-header.tsx";
import { listProjectEvaluations } from "@/lib/evaluations/live/listed.ts";
import { getProject } from "@/lib/projects/projects.ts";

export const metadata: Metadata = { title: "Evaluations" };

export default async function EvaluationsPage({ params }: { params: Promise<{ slug: string }> }) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const evaluations = await listProjectEvaluations(member, project.id);
  return (
    <>
      <ProjectHeader project={project} actions={<LivePage filter={{ project: project.id }} pauseMs={1000} />} />
      {evaluations.length === 0 ? (
        <Empty icon={ClipboardCheck} title="No evaluation yet">
          <p>
            An evaluation is what one checkpoint answered on one split; the server makes a report of it, with an
            interval on every number. Begin with validation: looks there are free.
          </p>
          <Snippet text="npx holdout-trainer evaluate RUN --split validation" label="Copy the command" />
        </Empty>
      ) : (
        <EvaluationTable slug={project.slug} evaluations={evaluations} withRun />
      )}
    </>
  );
}
