import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { StudyForm } from "@/app/_ui/domain/studies/study-form.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { homeHref, projectHref, studiesHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { readNewStudy } from "@/lib/studies/begin/new-study.ts";

export const metadata: Metadata = { title: "New study" };

type NewStudyPageProps = {
  params: Promise<{ slug: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function NewStudyPage({ params, searchParams }: NewStudyPageProps) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project || !can(member, "studies.write", project.id)) notFound();
  const begun = await readNewStudy(member, project, await searchParams);
  return (
    <>
      <PageHeader
        title="New study"
        above={[
          { label: "Projects", href: homeHref },
          { label: project.name, href: projectHref(project.slug) },
          { label: "Studies", href: studiesHref(project.slug) },
        ]}
      />
      <StudyForm
        place={{ slug: project.slug, projectId: project.id, studyId: null }}
        plan={begun.plan}
        choices={begun.choices}
        parentBase={begun.parentBase}
        isBegun={false}
        reasons={{}}
      />
    </>
  );
}
