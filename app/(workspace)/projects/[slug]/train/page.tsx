import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { Section } from "@/app/_ui/parts/section.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { homeHref, projectHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { spirals } from "@/lib/runs/browser-settings.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { TrainHere } from "./_training/train-here.tsx";

export const metadata: Metadata = { title: "Train in the browser" };

type TrainPageProps = { params: Promise<{ slug: string }>; searchParams: Promise<{ backend?: string | string[] }> };

export default async function TrainPage({ params, searchParams }: TrainPageProps) {
  const { backend = null } = await searchParams;
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  return (
    <>
      <PageHeader
        title="Train in the browser"
        above={[
          { label: "Projects", href: homeHref },
          { label: project.name, href: projectHref(project.slug) },
        ]}
      />
      <Section
        title="A small model, trained here"
        about={
          <>
            <p>
              A network of two hidden layers learns to tell two arms of a spiral apart. Its samples are made in this
              page from a fixed seed: {numberWords(spirals.train)} to learn from and {numberWords(spirals.validation)}{" "}
              for validation, the same for every run. There is no test split, and no split manifest.
            </p>
            <p className="pt-2">
              It computes in this tab, by TensorFlow.js, and logs to this project as any trainer does. It ends when the
              tab is closed, and after an hour.
            </p>
          </>
        }
      >
        {can(member, "runs.log", project.id) ? (
          <TrainHere
            project={{ id: project.id, slug: project.slug }}
            backend={backend === null ? null : String(backend)}
          />
        ) : (
          <p className="text-sm text-muted">Members train; you may read what they trained.</p>
        )}
      </Section>
    </>
  );
}
