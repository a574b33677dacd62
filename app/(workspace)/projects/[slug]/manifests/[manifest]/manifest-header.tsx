import { VerdictMark } from "@/app/_ui/domain/verdict.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import type { Manifest } from "@/lib/wire/manifests.ts";
import { DownloadMenu } from "./download-menu.tsx";

type ManifestHeaderProps = { manifest: Manifest; checksFailed: boolean; projectName: string };

/** The head of a manifest's pages. */
export function ManifestHeader({ manifest, checksFailed, projectName }: ManifestHeaderProps) {
  const project = `/projects/${encodeURIComponent(manifest.project)}`;
  const home = `${project}/manifests/${manifest.id}`;
  return (
    <PageHeader
      title={manifest.name}
      above={[
        { label: projectName, href: project },
        { label: "Manifests", href: `${project}/manifests` },
      ]}
      actions={
        <>
          <VerdictMark verdict={manifest.verdict} checksFailed={checksFailed} />
          <DownloadMenu manifest={manifest.id} project={manifest.project} />
        </>
      }
      tabs={[
        { href: home, label: "Checks" },
        { href: `${home}/samples`, label: "Samples" },
        { href: `${home}/compare`, label: "Compare" },
      ]}
    />
  );
}
