import { cache } from "react";
import { currentMember } from "@/app/_session.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { findStudy } from "@/lib/studies/studies.ts";

export type StudyParams = Promise<{ slug: string; number: string }>;

/** What title and page are made of; null: there is no such study. */
export async function findStudyPage(params: StudyParams) {
  const { slug, number } = await params;
  return readStudyPage(slug, number);
}

/** Once a request: title and page are given the address in promises of their own. */
const readStudyPage = cache(async (slug: string, number: string) => {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent(slug));
  if (!project || !/^[1-9]\d{0,8}$/.test(number)) return null;
  const study = await findStudy(member, project.id, Number(number));
  return study && { member, project, study };
});
