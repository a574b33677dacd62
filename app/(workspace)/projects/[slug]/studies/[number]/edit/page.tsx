import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { StudyForm } from "@/app/_ui/domain/studies/study-form.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { homeHref, projectHref, studiesHref, studyHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { readAnswers } from "@/lib/studies/answers.ts";
import { chosenConfig } from "@/lib/studies/begin/chosen.ts";
import { readChoices } from "@/lib/studies/begin/new-study.ts";
import { findStudy, planOf, requireStudy } from "@/lib/studies/studies.ts";

export const metadata: Metadata = { title: "Change a study" };

export default async function EditStudyPage({ params }: { params: Promise<{ slug: string; number: string }> }) {
  const member = await currentMember();
  const { slug, number } = await params;
  const project = await getProject(member, decodeURIComponent(slug));
  const study = project && (await findStudy(member, project.id, Number(number)));
  if (!project || !study || !can(member, "studies.write", project.id)) notFound();
  if (study.status === "concluded") redirect(studyHref(project.slug, study.number));
  const [choices, answers, parent] = await Promise.all([
    readChoices(member, project),
    readAnswers(study.id),
    study.parent === null ? null : requireStudy(member, study.parent),
  ]);
  const reasons = answers.filter(({ kind }) => kind === "warning").map(({ about, answer }) => [about, answer] as const);
  return (
    <>
      <PageHeader
        title="Change the plan"
        above={[
          { label: "Projects", href: homeHref },
          { label: project.name, href: projectHref(project.slug) },
          { label: "Studies", href: studiesHref(project.slug) },
          { label: `${study.number}. ${study.title}`, href: studyHref(project.slug, study.number) },
        ]}
      />
      <StudyForm
        place={{ slug: project.slug, projectId: project.id, studyId: study.id }}
        plan={planOf(study)}
        choices={choices}
        parentBase={parent && (await chosenConfig(parent))}
        isBegun={Object.values(study.trials).some((count) => count > 0)}
        reasons={Object.fromEntries(reasons)}
      />
    </>
  );
}
