import { Download, Plus, Rows3 } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { VerdictMark } from "@/app/_ui/domain/verdict.tsx";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { ProjectHeader } from "@/app/_ui/shell/project-header.tsx";
import { manifestHref, manifestsCsvApi, newManifestHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { listFailedChecks } from "@/lib/checks/report.ts";
import { countCitingRuns, listManifests } from "@/lib/manifests/manifests.ts";
import { getProject } from "@/lib/projects/projects.ts";
import type { Manifest } from "@/lib/wire/data/manifests.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { overriddenWords } from "@/lib/words/verdicts.ts";

export const metadata: Metadata = { title: "Manifests" };

export default async function ManifestsPage({ params }: { params: Promise<{ slug: string }> }) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const [manifests, failed, citing] = await Promise.all([
    listManifests(member, project.id),
    listFailedChecks(member, project.id),
    countCitingRuns(member, project.id),
  ]);
  const actions = (
    <>
      {manifests.length > 0 && (
        <a href={manifestsCsvApi(project.slug)} download className={buttonClass()}>
          <Download aria-hidden />
          CSV
        </a>
      )}
      {can(member, "manifests.register", project.id) && (
        <Link href={newManifestHref(project.slug)} prefetch={false} className={buttonClass("primary")}>
          <Plus aria-hidden />
          New manifest
        </Link>
      )}
    </>
  );
  return (
    <>
      <ProjectHeader project={project} actions={actions} />
      {manifests.length === 0 ? (
        <Empty icon={Rows3} title="No split manifest yet">
          <p>
            A manifest says which samples are trained, validated and tested on, and proves it by a digest. Make one here
            from a file of samples, or have the trainer register one:
          </p>
          <Snippet text="npx --no-install holdout split --method stratified --seed 1" label="Copy the command" />
        </Empty>
      ) : (
        <ManifestTable manifests={manifests} failed={failed} citing={citing} />
      )}
    </>
  );
}

type TableProps = {
  manifests: Manifest[];
  /** Ids of those whose checks failed. */
  failed: Set<string>;
  citing: Map<string, number>;
};

function ManifestTable({ manifests, failed, citing }: TableProps) {
  const number = "px-3 text-right tabular-nums";
  return (
    <WideTable>
      <table className="w-full min-w-220 text-sm">
        <thead>
          <tr className="h-8 border-b border-line text-left text-xs text-muted">
            <th className="px-4 font-medium md:px-6">Name</th>
            <th className="px-3 font-medium">Checks</th>
            <th className="px-3 font-medium">Dataset</th>
            <th className="px-3 font-medium">Method</th>
            <th className={`${number} font-medium`}>Train</th>
            <th className={`${number} font-medium`}>Validation</th>
            <th className={`${number} font-medium`}>Test</th>
            <th className={`${number} font-medium`}>Runs</th>
            <th className="px-3 font-medium">Registered</th>
            <th className="px-4 font-medium md:pr-6">Digest</th>
          </tr>
        </thead>
        <tbody>
          {manifests.map((manifest) => (
            <tr key={manifest.id} className="h-8 border-b border-line hover:bg-hover">
              <td className="max-w-80 truncate px-4 md:px-6">
                <Link
                  href={manifestHref(manifest.project, manifest.id)}
                  prefetch={false}
                  className="font-medium hover:text-accent"
                >
                  {manifest.name}
                </Link>
              </td>
              <td className="px-3">
                <VerdictMark verdict={manifest.verdict} checksFailed={failed.has(manifest.id)} />
                {manifest.override && <span className="text-xs text-warning"> {overriddenWords}</span>}
              </td>
              <td className="max-w-48 truncate px-3 text-muted">
                {manifest.dataset.name} {manifest.dataset.version}
              </td>
              <td className="px-3 whitespace-nowrap text-muted">{manifest.method}</td>
              <td className={number}>{numberWords(manifest.counts.train)}</td>
              <td className={number}>{numberWords(manifest.counts.validation)}</td>
              <td className={number}>{numberWords(manifest.counts.test)}</td>
              <td className={number}>{citing.get(manifest.id) ?? 0}</td>
              <td className="px-3 whitespace-nowrap text-muted">
                <Time at={manifest.createdAt} />
              </td>
              <td className="px-4 font-mono text-xs text-muted md:pr-6">{manifest.id.slice(0, 12)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  );
}
