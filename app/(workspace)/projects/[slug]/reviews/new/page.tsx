import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { Section } from "@/app/_ui/parts/section.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { projectHref, reviewsHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { listAskable, readAskable } from "@/lib/reviews/askable.ts";
import { AskForm } from "./ask-form.tsx";

export const metadata: Metadata = { title: "Ask for a review" };

type NewReviewPageProps = {
  params: Promise<{ slug: string }>;
  searchParams: Promise<Partial<Record<"run" | "study" | "claim", string | string[]>>>;
};

export default async function NewReviewPage({ params, searchParams }: NewReviewPageProps) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project || !can(member, "reviews.write", project.id)) notFound();
  const asked = await readAskable(member, project.id, await searchParams);
  const others = await listAskable(member, project.id);
  return (
    <>
      <PageHeader
        title="Ask for a review"
        above={[
          { label: project.name, href: projectHref(project.slug) },
          { label: "Reviews", href: reviewsHref(project.slug) },
        ]}
      />
      <Section
        title="What is to be decided"
        about="Whom you ask is told, and finds the review in their inbox. Once somebody else approves it, what was approved stays as it is."
      >
        {asked ? (
          <AskForm
            place={{ slug: project.slug, project: project.id, kind: asked.kind, subjects: asked.subjects }}
            names={asked.names}
            title={asked.title}
            others={others}
          />
        ) : (
          <p className="text-sm text-muted">
            The address names nothing of this project. Choose “Ask for a review” beside compared runs, a study or a
            claim.
          </p>
        )}
      </Section>
    </>
  );
}
