import { FlaskConical, Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { ProjectHeader } from "@/app/_ui/shell/project-header.tsx";
import { newStudyHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { listStudyLines } from "@/lib/studies/list.ts";
import { readNoiseFloor } from "@/lib/studies/noise-floor.ts";
import { seriesWords } from "@/lib/wire/points/series-name.ts";
import { noiseFloorWords } from "@/lib/words/studies/standing-words.ts";
import { StudiesTable } from "./studies-table.tsx";

export const metadata: Metadata = { title: "Studies" };

export default async function StudiesPage({ params }: { params: Promise<{ slug: string }> }) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const studies = await listStudyLines(member, project);
  const [newest] = studies;
  const floor = newest ? await readNoiseFloor(member, project.id, newest.objective, newest.manifest) : null;
  const make = can(member, "studies.write", project.id) && (
    <Link href={newStudyHref(project.slug)} prefetch={false} className={buttonClass("primary")}>
      <Plus aria-hidden />
      New study
    </Link>
  );
  return (
    <>
      <ProjectHeader
        project={project}
        actions={
          <>
            <LivePage filter={{ project: project.id }} pauseMs={1000} />
            {studies.length > 0 && make}
          </>
        }
      />
      {studies.length === 0 ? (
        <Empty icon={FlaskConical} title="No study yet">
          <p>
            A study is one round of tuning: a question, the parameters that are searched, an objective on train or
            validation, and a budget. Its trials queue for workers, and what they came to is read, concluded and
            reviewed here. The usual order: batch size by throughput, then the learning rate, the optimizer, the model.
          </p>
          {make}
        </Empty>
      ) : (
        <>
          <StudiesTable slug={project.slug} studies={studies} />
          {floor && (
            <p className="px-4 py-3 text-sm text-muted md:px-6">
              {seriesWords(floor.objective)}: {noiseFloorWords(floor)}
            </p>
          )}
        </>
      )}
    </>
  );
}
