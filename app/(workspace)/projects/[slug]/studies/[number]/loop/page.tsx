import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { projectHref, studiesHref, studyHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { listOpenRulings } from "@/lib/loops/queue-runs.ts";
import { listFirstRuns, readStory } from "@/lib/loops/read-story.ts";
import { readNoiseFloor } from "@/lib/studies/noise-floor.ts";
import { valueWords } from "@/lib/words/numbers.ts";
import { findStudyPage, type StudyParams } from "../find-study-page.ts";
import { SIMULATOR_ABOUT } from "./_parts/about.ts";
import { AskFromOutside } from "./_parts/ask-from-outside.tsx";
import { BegunLoop } from "./_parts/begun-loop.tsx";
import { spentAxis } from "./_parts/incumbents.tsx";
import { Simulator } from "./_parts/simulator.tsx";
import { StartLoop } from "./_parts/start-loop.tsx";

type Props = {
  params: StudyParams;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const found = await findStudyPage(params);
  return { title: found ? `Loop of ${found.study.title}` : "No such study" };
}

export default async function LoopPage({ params, searchParams }: Props) {
  const [found, asked] = await Promise.all([findStudyPage(params), searchParams]);
  if (found?.study.mode !== "loop") notFound();
  const { member, project, study } = found;
  const told = await readStory(member, study, project.id);
  const [floor, open, runs] = await Promise.all([
    readNoiseFloor(member, project.id, study.objective, study.manifest),
    listOpenRulings(member, study, project.id),
    told ? [] : listFirstRuns(member, study, project.id),
  ]);
  const { metric } = study.objective;
  return (
    <>
      <PageHeader
        title="Loop"
        above={[
          { label: project.name, href: projectHref(project.slug) },
          { label: "Studies", href: studiesHref(project.slug) },
          { label: `${study.number}. ${study.title}`, href: studyHref(project.slug, study.number) },
        ]}
        actions={<LivePage filter={{ project: project.id }} pauseMs={2000} />}
      />
      {told ? (
        <>
          <BegunLoop
            {...told}
            open={open}
            study={study}
            canQueue={can(member, "trials.queue", project.id)}
            axis={spentAxis(typeof asked.spent === "string" ? asked.spent : null)}
            showsAll={asked.rulings === "all"}
          />
          <Section title="What the rule costs and gains" about={SIMULATOR_ABOUT} wide>
            <Simulator
              rule={{ ...told.loop.rule, smallest: told.loop.rule.smallest ?? 0 }}
              noiseFloor={told.loop.noiseFloor?.sd ?? floor.sd}
              metric={metric}
            />
          </Section>
        </>
      ) : (
        <StartLoop
          study={study.id}
          metric={metric}
          runs={runs.map(({ id, name, value }) => [id, `${name}: ${valueWords(value)}`] as const)}
          noiseFloor={floor.sd}
          smallest={study.smallestDifference}
          canStart={can(member, "studies.write", project.id)}
        />
      )}
      <AskFromOutside study={study} />
    </>
  );
}
