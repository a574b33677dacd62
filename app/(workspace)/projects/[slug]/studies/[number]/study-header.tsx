import Link from "next/link";
import type { ReactNode } from "react";
import { StudyStatusBadge } from "@/app/_ui/domain/studies/study-status.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { manifestHref, projectHref, studiesHref } from "@/app/paths.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { decisionWords, modeWords, objectiveWords, stageWords } from "@/lib/words/studies/study-words.ts";
import type { PanelProps } from "./_panels/frame/panel.ts";

/** What the study is called and asks, and where it stands; acts at the right. */
export function StudyHeader({ study, project, review, actions }: PanelProps & { actions: ReactNode }) {
  const { manifest, configurations } = review.facts;
  return (
    <>
      <PageHeader
        title={`${study.number}. ${study.title}`}
        above={[
          { label: project.name, href: projectHref(project.slug) },
          { label: "Studies", href: studiesHref(project.slug) },
        ]}
        actions={actions}
      />
      <div className="grid gap-1.5 border-b border-line px-4 py-3 text-sm md:px-6">
        {study.question && <p className="max-w-160 wrap-anywhere">{study.question}</p>}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
          <StudyStatusBadge status={study.status} />
          {study.decision && (
            <Badge tone={study.decision === "reject" ? "plain" : "accent"}>{decisionWords(study.decision)}</Badge>
          )}
          {study.approvedAt && <Badge>approved</Badge>}
          <span>{stageWords(study.stage)}</span>
          <span>{modeWords(study.mode)}</span>
          <span>{objectiveWords(study.objective)}</span>
          <span>
            {numberWords(configurations.length)} of {numberWords(study.trialsBudget)} trials
            {study.replicates > 1 && `, ${study.replicates} seeds each`}
          </span>
          {manifest ? (
            <Link href={manifestHref(project.slug, manifest.id)} prefetch={false} className="underline">
              {manifest.name}
            </Link>
          ) : (
            <span>no manifest</span>
          )}
        </div>
      </div>
    </>
  );
}
