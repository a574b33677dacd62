import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { Section } from "@/app/_ui/section.tsx";
import { can } from "@/lib/access/permissions.ts";
import { countSealed, getBalance, getLineage } from "@/lib/manifests/balance.ts";
import { getManifest, listFolds } from "@/lib/manifests/manifests.ts";
import { countNearPairs, getReport, isMendable, listNearPairs } from "@/lib/manifests/report.ts";
import { listCitingRuns, listThumbnailed } from "@/lib/manifests/samples.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { CheckList } from "./check-list.tsx";
import { ClassBalance } from "./class-balance.tsx";
import { ManifestFacts } from "./manifest-facts.tsx";
import { ManifestHeader } from "./manifest-header.tsx";
import { NearPairs } from "./near-pairs.tsx";
import { Override } from "./override.tsx";
import { ReadIt } from "./read-it.tsx";

type Props = { params: Promise<{ slug: string; manifest: string }> };

const find = async ({ params }: Props) => {
  const member = await currentMember();
  const { slug, manifest: id } = await params;
  const project = await getProject(member, decodeURIComponent(slug));
  const manifest = project && (await getManifest(member, project.id, id));
  return { member, project, manifest };
};

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await find(props)).manifest?.name ?? "No such manifest" };
}

export default async function ManifestPage(props: Props) {
  const { member, project, manifest } = await find(props);
  if (!project || !manifest) notFound();
  const [report, balance, sealed, lineage, folds, runs, pairs, pairCounts] = await Promise.all([
    getReport(member, project.id, manifest.id),
    getBalance(member, project.id, manifest.id),
    countSealed(member, project.id, manifest.id),
    getLineage(member, project.id, manifest.id),
    listFolds(member, project.id, manifest.id),
    listCitingRuns(member, project.id, manifest.id),
    listNearPairs(member, project.id, manifest.id),
    countNearPairs(member, project.id, manifest.id),
  ]);
  const keys = report.checks.flatMap(({ findings }) => findings.flatMap((finding) => finding.keys));
  const thumbnailed = await listThumbnailed(member, project.id, manifest.id, keys);
  const canJudge = can(member, "manifests.register");
  return (
    <>
      <ManifestHeader
        manifest={manifest}
        checksFailed={report.progress.status === "failed"}
        projectName={project.name}
      />
      {manifest.verdict === "block" && (
        <Override
          projectId={project.id}
          manifest={manifest}
          canOverride={can(member, "manifests.override")}
          canMend={canJudge && report.checks.some(isMendable)}
        />
      )}
      <ManifestFacts manifest={manifest} lineage={lineage} folds={folds} sealed={sealed} runs={runs} />
      <Section title="Checks" about="What could make numbers on this split mislead." wide>
        <CheckList
          place={{ projectId: project.id, slug: project.slug, manifest: manifest.id }}
          report={report}
          thumbnailed={new Set(thumbnailed)}
        />
      </Section>
      {pairs.length > 0 && (
        <Section
          wide
          title="Near duplicates"
          about="Pairs of samples of two splits that look the same, the most alike first. Say which are; one button then makes the split again with those kept together."
        >
          <NearPairs
            place={{ projectId: project.id, slug: project.slug, manifest: manifest.id }}
            pairs={pairs}
            counts={pairCounts}
            canJudge={canJudge}
          />
        </Section>
      )}
      <Section title="Classes" about="The share of each class, split by split." wide>
        <ClassBalance balance={balance} name={manifest.name} />
      </Section>
      <Section title="Read it elsewhere" about="The same samples in scikit-learn or PyTorch." wide>
        <ReadIt manifest={manifest.id} />
      </Section>
    </>
  );
}
