import { Download } from "lucide-react";
import { buttonClass } from "@/app/_ui/button.tsx";
import { PageHeader } from "@/app/_ui/page-header.tsx";
import { VerdictMark } from "@/app/_ui/verdict.tsx";
import type { Manifest } from "@/lib/wire.ts";

type ManifestHeaderProps = { manifest: Manifest; projectName: string };

/** The head of a manifest's pages. */
export function ManifestHeader({ manifest, projectName }: ManifestHeaderProps) {
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
          <VerdictMark verdict={manifest.verdict} />
          {(["csv", "jsonl", "parquet"] as const).map((format) => (
            <a
              key={format}
              href={`/api/v1/manifests/${manifest.id}/export?format=${format}&project=${encodeURIComponent(manifest.project)}`}
              download
              className={buttonClass()}
            >
              <Download aria-hidden />
              {{ csv: "CSV", jsonl: "JSONL", parquet: "Parquet" }[format]}
            </a>
          ))}
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
