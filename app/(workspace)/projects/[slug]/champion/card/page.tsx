import { Download } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Written } from "@/app/_ui/parts/written.tsx";
import { PrintButton } from "@/app/_ui/report/print-button.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { championCardApi, championHref, projectHref } from "@/app/paths.ts";
import { makeCard } from "@/lib/champions/card.ts";
import { ProblemError } from "@/lib/problem.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { cardMarkdown } from "@/lib/words/champions/card-words.ts";

export const metadata: Metadata = { title: "Model card" };

type CardPageProps = {
  params: Promise<{ slug: string }>;
  searchParams: Promise<{ manifest?: string | string[] }>;
};

export default async function CardPage({ params, searchParams }: CardPageProps) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const { manifest } = await searchParams;
  const card = await makeCard(member, project.id, typeof manifest === "string" ? { manifest } : {}).catch((error) => {
    if (error instanceof ProblemError) return null;
    throw error;
  });
  if (!card) notFound();
  const { slug } = project;
  return (
    <>
      <PageHeader
        title="Model card"
        above={[
          { label: project.name, href: projectHref(slug) },
          { label: "Champion", href: championHref(slug, card.manifest.id) },
        ]}
        actions={
          <span className="flex flex-wrap gap-2 print:hidden">
            <PrintButton />
            {(["markdown", "json"] as const).map((format) => (
              <a
                key={format}
                href={championCardApi(slug, card.manifest.id, format)}
                download={`model-card.${format === "json" ? "json" : "md"}`}
                className={buttonClass()}
              >
                <Download aria-hidden />
                {format === "json" ? "JSON" : "Markdown"}
              </a>
            ))}
          </span>
        }
      />
      <article className="model-card prose max-w-200 px-4 py-6 text-sm md:px-6">
        <Written text={cardMarkdown(card)} />
      </article>
    </>
  );
}
