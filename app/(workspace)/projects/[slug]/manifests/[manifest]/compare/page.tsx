import type { Metadata } from "next";
import Form from "next/form";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { currentMember } from "@/app/_session.ts";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Select } from "@/app/_ui/parts/field.tsx";
import type { Actor } from "@/lib/access/actor.ts";
import { listFailedChecks } from "@/lib/checks/report.ts";
import { diffManifests } from "@/lib/manifests/diff.ts";
import { getManifest, listManifests } from "@/lib/manifests/manifests.ts";
import { getProject } from "@/lib/projects/projects.ts";
import type { Manifest } from "@/lib/wire/data/manifests.ts";
import { ManifestPageHeader } from "../manifest-header.tsx";
import { ManifestDiffView } from "./manifest-diff.tsx";

export const metadata: Metadata = { title: "Compare manifests" };

type Props = {
  params: Promise<{ slug: string; manifest: string }>;
  searchParams: Promise<{ with?: string | string[] }>;
};

export default async function ComparePage({ params, searchParams }: Props) {
  const member = await currentMember();
  const { slug, manifest: id } = await params;
  const project = await getProject(member, decodeURIComponent(slug));
  const manifest = project && (await getManifest(member, project.id, id));
  if (!manifest) notFound();
  const [manifests, failed] = await Promise.all([
    listManifests(member, project.id),
    listFailedChecks(member, project.id),
  ]);
  const others = manifests.filter((other) => other.id !== id);
  const { with: asked } = await searchParams;
  const other = others.find((one) => one.id === asked);
  return (
    <>
      <ManifestPageHeader manifest={manifest} checksFailed={failed.has(id)} projectName={project.name} />
      {others.length === 0 ? (
        <p className="px-4 py-16 text-center text-sm text-muted">
          The project has no other manifest to compare this one with.
        </p>
      ) : (
        <Form action="" className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 text-sm md:px-6">
          <span className="text-muted">{manifest.name} with</span>
          <Select
            aria-label="The other manifest"
            name="with"
            defaultValue={other?.id ?? manifest.parent ?? undefined}
            options={others.map((one) => [one.id, `${one.name} (${one.id.slice(0, 12)})`] as const)}
            className="max-w-80"
          />
          <Button type="submit">Compare</Button>
        </Form>
      )}
      {others.length > 0 && !other && (
        <p className="px-4 py-16 text-center text-sm text-muted">
          Shows which samples were added, removed, moved, relabelled or changed, and which would leak from one to the
          other.
        </p>
      )}
      {other && (
        <Suspense key={other.id} fallback={<ComparisonProgress />}>
          <Difference actor={member} projectId={project.id} before={manifest} after={other} />
        </Suspense>
      )}
    </>
  );
}

type DifferenceProps = { actor: Actor; projectId: string; before: Manifest; after: Manifest };

async function Difference({ actor, projectId, before, after }: DifferenceProps) {
  const diff = await diffManifests(actor, projectId, before.id, after.id);
  return <ManifestDiffView before={before.name} after={after.name} diff={diff} />;
}

/** Two manifests of a million samples take seconds. */
const ComparisonProgress = () => (
  <p role="status" className="px-4 py-6 text-sm text-muted md:px-6">
    Comparing sample by sample …
  </p>
);
