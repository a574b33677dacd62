/** What stands above a run's tabs: how good it is, what to know before its numbers, its tags and notes. */
import { TagEditor } from "@/app/_ui/domain/tag-editor.tsx";
import type { MemberActor } from "@/lib/access/actor.ts";
import { can } from "@/lib/access/permissions.ts";
import { findCheckpointNear } from "@/lib/artifacts/checkpoints.ts";
import { listLooks } from "@/lib/looks/looks.ts";
import { findEpochAtBest } from "@/lib/metrics/epoch-at-best.ts";
import type { RunDetail } from "@/lib/runs/runs.ts";
import { listTagsOfRun } from "@/lib/runs/tags.ts";
import type { RunStanding } from "@/lib/table/run-standing.ts";
import type { SeriesList } from "@/lib/wire/points/series.ts";
import { RunAnswer } from "./_header/answer.tsx";
import { answerOf } from "./_header/answer-of.ts";
import { HeaderNote } from "./_header/header-note.tsx";
import { RunFacts, WhyItEnded } from "./run-facts.tsx";

type RunHeadProps = {
  run: RunDetail;
  series: SeriesList;
  standing: RunStanding;
  member: MemberActor;
  canEdit: boolean;
};

export async function RunHead({ run, series, standing, member, canEdit }: RunHeadProps) {
  const answer = answerOf(standing.primary, series);
  const step = answer.kind === "value" ? answer.step : null;
  const [epoch, checkpoint, looks, tags] = await Promise.all([
    step === null ? null : findEpochAtBest(member, run.id, step),
    step === null ? null : findCheckpointNear(member, run.id, step),
    listLooks(member, run.projectId, run.id),
    listTagsOfRun(member, run.id),
  ]);
  const canChoose = can(member, "projects.update", run.projectId);
  return (
    <>
      <RunAnswer
        run={run}
        answer={answer}
        standing={standing}
        epoch={epoch}
        checkpoint={checkpoint}
        canChoose={canChoose}
      />
      <RunFacts
        run={run}
        overwrittenCount={series.series.reduce((sum, one) => sum + one.overwrittenCount, 0)}
        quarantinedCount={series.quarantined.length}
        lookCount={looks.length}
        usesManifests={standing.usesManifests}
      />
      <div className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-1 md:px-6">
        <TagEditor run={{ id: run.id, tags }} canEdit={canEdit} />
        <HeaderNote run={{ id: run.id, slug: run.slug, notes: run.notes }} canEdit={canEdit} />
      </div>
      {run.failure && <WhyItEnded failure={run.failure} killed={run.status === "killed"} />}
    </>
  );
}
