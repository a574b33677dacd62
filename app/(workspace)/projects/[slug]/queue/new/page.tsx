import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { Section } from "@/app/_ui/parts/section.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { projectHref, queueHref, runHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { getRun } from "@/lib/runs/runs.ts";
import { CopyForm } from "./copy-form.tsx";

export const metadata: Metadata = { title: "Queue a copy" };

type NewTrialProps = {
  params: Promise<{ slug: string }>;
  searchParams: Promise<{ copy?: string | string[] }>;
};

export default async function NewTrialPage({ params, searchParams }: NewTrialProps) {
  const member = await currentMember();
  const [{ slug }, { copy }] = await Promise.all([params, searchParams]);
  const run = typeof copy === "string" ? await getRun(member, copy) : null;
  if (!run || run.slug !== decodeURIComponent(slug)) notFound();
  return (
    <>
      <PageHeader
        title={`A copy of ${run.name}`}
        above={[
          { label: run.projectName, href: projectHref(run.slug) },
          { label: "Queue", href: queueHref(run.slug) },
        ]}
      />
      <Section
        title="Edit and queue"
        about={
          <>
            The config of{" "}
            <Link href={runHref(run.slug, run.id)} prefetch={false} className="underline hover:text-accent">
              {run.name}
            </Link>
            , to be changed and trained as another run by a worker that fits. It cites{" "}
            {run.citedManifest ? `the manifest ${run.citedManifest.name}` : "the manifest that the project has chosen"}.
          </>
        }
      >
        {can(member, "trials.queue", run.projectId) ? (
          <CopyForm
            place={{ projectId: run.projectId, copyOf: run.id, manifest: run.manifest }}
            back={queueHref(run.slug)}
            run={{ name: run.name, config: run.config, seed: run.seed }}
          />
        ) : (
          <p className="text-sm text-muted">Members queue runs; you may read them.</p>
        )}
      </Section>
    </>
  );
}
