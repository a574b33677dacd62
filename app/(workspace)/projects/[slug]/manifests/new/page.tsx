import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { ProjectHeader } from "@/app/_ui/shell/project-header.tsx";
import { newManifestHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { listDatasets } from "@/lib/datasets/datasets.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { FileManifest } from "./file-manifest.tsx";
import { MakeManifest } from "./make-manifest.tsx";

export const metadata: Metadata = { title: "New manifest" };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ dataset?: string | string[] }> };

/** Of a file, or, where the address says so, of a dataset that is there. */
export default async function NewManifestPage({ params, searchParams }: Props) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project || !can(member, "manifests.register", project.id)) notFound();
  const { dataset } = await searchParams;
  const chosen = typeof dataset === "string" ? dataset : null;
  const datasets = await listDatasets(member, project.id);
  const named = ({ name, version }: (typeof datasets)[number]) => ({ name, version });
  const complete = datasets.filter(({ completedAt }) => completedAt !== null).map(named);
  const kinds = [
    ["From a file", newManifestHref(project.slug), chosen === null],
    ["From a dataset that is here", newManifestHref(project.slug, ""), chosen !== null],
  ] as const;
  return (
    <>
      <ProjectHeader project={project} />
      <nav aria-label="What it is made of" className="flex flex-wrap gap-x-4 px-4 pt-4 text-sm md:px-6">
        {kinds.map(([words, href, isHere]) => (
          <Link
            key={href}
            href={href}
            prefetch={false}
            aria-current={isHere ? "page" : undefined}
            className={isHere ? "font-medium" : "text-muted hover:text-text"}
          >
            {words}
          </Link>
        ))}
      </nav>
      {chosen === null ? (
        <FileManifest slug={project.slug} taken={datasets.map(named)} />
      ) : (
        <MakeManifest slug={project.slug} datasets={complete} chosen={chosen} />
      )}
    </>
  );
}
