import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { ProjectHeader } from "@/app/_ui/shell/project-header.tsx";
import { can } from "@/lib/access/permissions.ts";
import { listDatasets } from "@/lib/datasets/datasets.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { MakeManifest } from "./make-manifest.tsx";

export const metadata: Metadata = { title: "New manifest" };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ dataset?: string | string[] }> };

export default async function NewManifestPage({ params, searchParams }: Props) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project || !can(member, "manifests.register")) notFound();
  const { dataset } = await searchParams;
  const datasets = (await listDatasets(member, project.id)).filter(({ completedAt }) => completedAt !== null);
  return (
    <>
      <ProjectHeader project={project} />
      <MakeManifest
        slug={project.slug}
        datasets={datasets.map(({ name, version }) => ({ name, version }))}
        chosen={typeof dataset === "string" ? dataset : null}
      />
    </>
  );
}
