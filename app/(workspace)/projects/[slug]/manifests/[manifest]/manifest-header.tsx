import { VerdictMark } from "@/app/_ui/domain/verdict.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import {
  manifestCompareHref,
  manifestHref,
  manifestLooksHref,
  manifestSamplesHref,
  manifestsHref,
  projectHref,
} from "@/app/paths.ts";
import type { Manifest } from "@/lib/wire/data/manifests.ts";
import { DownloadMenu } from "./download-menu.tsx";

type ManifestPageHeaderProps = { manifest: Manifest; checksFailed: boolean; projectName: string };

/** The head of a manifest's pages. */
export function ManifestPageHeader({ manifest, checksFailed, projectName }: ManifestPageHeaderProps) {
  const { id, project: slug } = manifest;
  return (
    <PageHeader
      title={manifest.name}
      above={[
        { label: projectName, href: projectHref(slug) },
        { label: "Manifests", href: manifestsHref(slug) },
      ]}
      actions={
        <>
          <VerdictMark verdict={manifest.verdict} checksFailed={checksFailed} />
          <DownloadMenu manifest={id} project={slug} />
        </>
      }
      tabs={[
        { href: manifestHref(slug, id), label: "Checks" },
        { href: manifestSamplesHref(slug, id), label: "Samples" },
        { href: manifestLooksHref(slug, id), label: "Looks" },
        { href: manifestCompareHref(slug, id), label: "Compare" },
      ]}
    />
  );
}
