import { ClipboardCheck, Scale } from "lucide-react";
import type { Metadata } from "next";
import Form from "next/form";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { EvaluationTable } from "@/app/_ui/domain/evaluation-table.tsx";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { ProjectHeader } from "@/app/_ui/shell/project-header.tsx";
import { compareEvaluationsHref } from "@/app/paths.ts";
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
          <Snippet text="npx --no-install holdout evaluate RUN --split validation" label="Copy the command" />
        </Empty>
      ) : (
        <Form action={compareEvaluationsHref(project.slug, [])}>
          <div className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-2 text-sm text-muted md:px-6">
            <Button type="submit">
              <Scale aria-hidden />
              Compare
            </Button>
            Choose two to twenty on the same samples: each is compared with the first.
          </div>
          <EvaluationTable slug={project.slug} evaluations={evaluations} withRun canChoose />
        </Form>
      )}
    </>
  );
}
