import { Trophy } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { ProjectHeader } from "@/app/_ui/shell/project-header.tsx";
import { championHref, manifestsHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { readChampionPage } from "@/lib/champions/champion-page.ts";
import { listImportedClaims } from "@/lib/exports/imported.ts";
import { listVersionsIn } from "@/lib/interop/model-versions.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { Aliases } from "./aliases.tsx";
import { ChampionNow } from "./champion-now.tsx";
import { History } from "./history.tsx";
import { ImportedClaims } from "./imported-claims.tsx";
import { Registered } from "./registered.tsx";
import { Rules } from "./rules.tsx";

export const metadata: Metadata = { title: "Champion" };

type ChampionPageProps = {
  params: Promise<{ slug: string }>;
  searchParams: Promise<{ manifest?: string | string[] }>;
};

export default async function ChampionPage({ params, searchParams }: ChampionPageProps) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const { manifest: named } = await searchParams;
  const [page, versions, imported] = await Promise.all([
    readChampionPage(member, project, typeof named === "string" ? named : undefined),
    listVersionsIn(member, project.id),
    listImportedClaims(member, project.id),
  ]);
  const names = new Map(page?.manifests.map(({ id, name }) => [id, name]));
  const foreign = (
    <>
      <ImportedClaims slug={project.slug} claims={imported} manifests={names} />
      <Registered slug={project.slug} versions={versions} />
    </>
  );
  const header = <ProjectHeader project={project} actions={<LivePage filter={{ project: project.id }} />} />;
  if (!page)
    return (
      <>
        {header}
        <Empty icon={Trophy} title="No champion yet">
          <p>
            A champion is the best run of a split manifest, and this project has no manifest.{" "}
            <Link href={manifestsHref(project.slug)} prefetch={false} className="underline">
              Make one
            </Link>
            , and have runs cite it.
          </p>
        </Empty>
        {foreign}
      </>
    );
  const { manifest, manifests, claims, champion, comparison, moves, rules } = page;
  const place = { slug: project.slug, projectId: project.id, manifestId: manifest.id };
  const canClaim = can(member, "champions.claim", project.id);
  return (
    <>
      {header}
      {manifests.length > 1 && <ManifestChoice slug={project.slug} manifests={manifests} shown={manifest.id} />}
      {champion ? (
        <ChampionNow
          place={place}
          manifest={manifest.name}
          claim={champion}
          comparison={comparison}
          canAsk={can(member, "reviews.write", project.id)}
          canSign={canClaim && champion.claimedByActor !== `member:${member.id}`}
        />
      ) : (
        <Empty icon={Trophy} title={`No champion on ${manifest.name} yet`}>
          <p>
            Evaluate a run that cites this manifest, then choose “Tag as champion” in the run's menu. Write the rule
            first: a claim then says that nobody had seen a number.
          </p>
        </Empty>
      )}
      <Rules place={place} rules={rules} canWrite={canClaim} />
      {claims.length > 0 && <Aliases place={place} moves={moves} claims={claims} canMove={canClaim} />}
      {claims.length > 0 && (
        <Section
          title="History"
          about="Every claim on this manifest, the newest first. None is changed or taken away."
          wide
        >
          <History place={place} claims={claims} championId={champion?.id ?? null} canWrite={canClaim} />
        </Section>
      )}
      {foreign}
    </>
  );
}

type ManifestChoiceProps = {
  slug: string;
  manifests: { id: string; name: string; isClaimed: boolean }[];
  shown: string;
};

function ManifestChoice({ slug, manifests, shown }: ManifestChoiceProps) {
  return (
    <nav aria-label="Manifests" className="flex gap-1 overflow-x-auto border-b border-line px-4 py-2 text-sm md:px-6">
      {manifests.map(({ id, name, isClaimed }) => (
        <Link
          key={id}
          href={championHref(slug, id)}
          prefetch={false}
          aria-current={id === shown ? "page" : undefined}
          className="inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2.5 text-muted hover:bg-hover hover:text-text aria-[current]:bg-accent-soft aria-[current]:text-accent [&_svg]:size-3.5"
        >
          {isClaimed && <Trophy aria-label="has claims" />}
          {name}
        </Link>
      ))}
    </nav>
  );
}
