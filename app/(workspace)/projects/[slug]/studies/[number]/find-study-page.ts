import { cache } from "react";
import { currentMember } from "@/app/_session.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { findStudy } from "@/lib/studies/studies.ts";

export type StudyParams = Promise<{ slug: string; number: string }>;

/** What title and page are made of, read once for both; null: there is no such study. */
export const findStudyPage = cache(async (params: StudyParams) => {
  const member = await currentMember();
  const { slug, number } = await params;
  const project = await getProject(member, decodeURIComponent(slug));
  if (!project || !/^[1-9]\d{0,8}$/.test(number)) return null;
  const study = await findStudy(member, project.id, Number(number));
  return study && { member, project, study };
});
