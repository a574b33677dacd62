import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { Section } from "@/app/_ui/parts/section.tsx";
import { can } from "@/lib/access/permissions.ts";
import { countNearPairs, listNearFamilies, nearPairsShown } from "@/lib/checks/near/near-pairs.ts";
import { nextAct } from "@/lib/checks/next-act.ts";
import { getReport } from "@/lib/checks/report.ts";
import { countSealed, getClasses, getLineage } from "@/lib/checks/rows/balance.ts";
import { getSharesOverTime } from "@/lib/checks/rows/shares-over-time.ts";
import { readLedger } from "@/lib/evaluations/ledger.ts";
import { listImportedOverrides } from "@/lib/exports/imported.ts";
import { getManifest, listFolds } from "@/lib/manifests/manifests.ts";
import { readRefereeSplit } from "@/lib/manifests/referee-split.ts";
import { listCitingRuns, listThumbnailed } from "@/lib/manifests/samples.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { CheckList } from "./check-list.tsx";
import { ClassBalance } from "./class-balance.tsx";
import { ImportedOverrides } from "./imported-overrides.tsx";
import { ManifestFacts } from "./manifest-facts.tsx";
import { ManifestPageHeader } from "./manifest-header.tsx";
import { NearPairs } from "./near-pairs.tsx";
import { Override } from "./override.tsx";
import { ReadIt } from "./read-it.tsx";
import { RefereeSplitFact } from "./referee-split.tsx";
import { SharesOverTime } from "./shares-over-time.tsx";
import { VerdictHeadline } from "./verdict-headline.tsx";

type Props = {
  params: Promise<{ slug: string; manifest: string }>;
  /** `pairs`: which near duplicates are shown; `from`: the first of them on this page, from 0. */
  searchParams: Promise<{ pairs?: string | string[]; from?: string | string[] }>;
};

const find = async ({ params }: Pick<Props, "params">) => {
  const member = await currentMember();
  const { slug, manifest: id } = await params;
  const project = await getProject(member, decodeURIComponent(slug));
  const manifest = project && (await getManifest(member, project.id, id));
  return { member, project, manifest };
};

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await find(props)).manifest?.name ?? "No such manifest" };
}

const aboutClasses = {
  classes: "The share of each class, split by split.",
  numbers: "The labels are numbers: the share of each fifth of them, split by split.",
};

export default async function ManifestPage(props: Props) {
  const { member, project, manifest } = await find(props);
  if (!project || !manifest) notFound();
  const asked = await props.searchParams;
  const shown = nearPairsShown.find((one) => one === asked.pairs) ?? "all";
  const from = Number(asked.from) || 0;
  const [report, classes, sealed, lineage, folds, runs, pairs, pairCounts, stretches, ledger, refereeSplit, overrides] =
    await Promise.all([
      getReport(member, project.id, manifest.id),
      getClasses(member, project.id, manifest.id),
      countSealed(member, project.id, manifest.id),
      getLineage(member, project.id, manifest.id),
      listFolds(member, project.id, manifest.id),
      listCitingRuns(member, project.id, manifest.id),
      listNearFamilies(member, project.id, manifest.id, { show: shown, from }),
      countNearPairs(member, project.id, manifest.id),
      getSharesOverTime(member, project.id, manifest.id),
      readLedger(member, project.id, manifest.id),
      readRefereeSplit(member, project.id, manifest.id),
      listImportedOverrides(member, project.id, manifest.id),
    ]);
  const keys = report.checks.flatMap(({ findings }) => findings.flatMap((finding) => finding.keys));
  const thumbnailed = await listThumbnailed(member, project.id, manifest.id, keys);
  const isNumbers = classes.kind === "numbers";
  const canJudge = can(member, "manifests.register", project.id);
  return (
    <>
      <ManifestPageHeader
        manifest={manifest}
        checksFailed={report.progress.status === "failed"}
        projectName={project.name}
      />
      {manifest.verdict !== null && report.progress.status === "done" && (
        <VerdictHeadline
          projectId={project.id}
          manifest={{ ...manifest, verdict: manifest.verdict }}
          checks={report.checks}
          act={nextAct(report.checks, pairCounts)}
          canMake={canJudge}
        >
          {manifest.verdict === "block" && (
            <Override
              projectId={project.id}
              manifest={manifest}
              canOverride={can(member, "manifests.override", project.id)}
            />
          )}
        </VerdictHeadline>
      )}
      <ImportedOverrides overrides={overrides} />
      <ManifestFacts
        manifest={manifest}
        lineage={lineage}
        folds={folds}
        sealed={sealed}
        runs={runs}
        ledger={ledger}
        refereeSplit={
          <RefereeSplitFact
            projectId={project.id}
            manifest={manifest}
            split={refereeSplit}
            isCited={runs.length > 0}
            canDraw={canJudge}
          />
        }
      />
      <Section title="Checks" about="What could make numbers on this split mislead." wide>
        <CheckList
          place={{ projectId: project.id, slug: project.slug, manifest: manifest.id }}
          report={report}
          thumbnailed={new Set(thumbnailed)}
        />
      </Section>
      {pairCounts.total > 0 && (
        <Section
          wide
          id="near-duplicates"
          title="Near duplicates"
          about="Pairs of samples of two splits that look the same, the most alike first. Say which are: where all are told apart, the warning goes; one button makes the split again with those kept together that are confirmed."
        >
          <NearPairs
            place={{ projectId: project.id, slug: project.slug, manifest: manifest.id }}
            page={pairs}
            shown={shown}
            counts={pairCounts}
            canJudge={canJudge}
          />
        </Section>
      )}
      <Section title={isNumbers ? "Labels" : "Classes"} about={aboutClasses[isNumbers ? "numbers" : "classes"]} wide>
        <ClassBalance balance={classes.balance} isNumbers={isNumbers} name={manifest.name} />
        {stretches.length > 0 && <SharesOverTime stretches={stretches} labels={classes.balance?.labels ?? []} />}
      </Section>
      <Section title="Read it elsewhere" about="The same samples in scikit-learn or PyTorch." wide>
        <ReadIt manifest={manifest.id} />
      </Section>
    </>
  );
}
