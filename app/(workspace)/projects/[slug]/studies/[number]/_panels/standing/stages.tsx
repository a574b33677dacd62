import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { studyHref } from "@/app/paths.ts";
import { type StageStanding, stagesOf } from "@/lib/studies/standing/stages.ts";
import { listStudies } from "@/lib/studies/studies.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { stageStateWords } from "@/lib/words/studies/standing-words.ts";
import { decisionWords, stageWords } from "@/lib/words/studies/study-words.ts";
import type { PanelProps, StudyPanel } from "../frame/panel.ts";

/** The four stages that people tune in, and which of them a later choice made stale. */
async function Stages({ member, project, study }: PanelProps) {
  const stages = stagesOf(await listStudies(member, project.id));
  if (stages.every(({ studies }) => studies === 0)) return null;
  return (
    <ol className="grid gap-3 md:grid-cols-4">
      {stages.map((one, at) => (
        <li key={one.stage} className="flex items-stretch gap-2">
          <Stage standing={one} slug={project.slug} isHere={one.stage === study.stage} />
          {at < stages.length - 1 && (
            <ArrowRight aria-hidden className="size-4 shrink-0 self-center text-muted max-md:hidden" />
          )}
        </li>
      ))}
    </ol>
  );
}

const tones = { none: "plain", planned: "plain", open: "accent", settled: "accent", kept: "plain" } as const;

function Stage({ standing, slug, isHere }: { standing: StageStanding; slug: string; isHere: boolean }) {
  const { stage, status, evidence, staleBy, studies } = standing;
  return (
    <div
      aria-current={isHere ? "step" : undefined}
      className={`grid min-w-0 flex-1 content-start gap-1.5 rounded-md border p-3 text-sm ${isHere ? "border-accent" : "border-line"}`}
    >
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-medium">{stageWords(stage)}</h3>
        <Badge tone={tones[status]}>{stageStateWords(status)}</Badge>
        {staleBy && <Badge tone="warning">stale</Badge>}
      </div>
      {evidence ? (
        <p className="text-muted wrap-anywhere">
          <Link href={studyHref(slug, evidence.number)} prefetch={false} className="underline">
            {evidence.number}. {evidence.title}
          </Link>
          {evidence.decision && `, ${decisionWords(evidence.decision)}`}
          {evidence.decision && (evidence.approvedAt ? ", approved" : ", not reviewed")}
          {studies > 1 && `; ${countWords(studies, "study", "studies")}`}
        </p>
      ) : (
        <p className="text-muted">No study has asked about it.</p>
      )}
      {staleBy && (
        <p className="text-warning wrap-anywhere">
          Tuned for another {stageWords(staleBy.stage)}:{" "}
          <Link href={studyHref(slug, staleBy.number)} prefetch={false} className="underline">
            study {staleBy.number}
          </Link>{" "}
          was adopted later.
        </p>
      )}
    </div>
  );
}

export const stagesPanel: StudyPanel = { name: "stages", content: Stages };
