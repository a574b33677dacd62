import Link from "next/link";
import { StudyStatusBadge } from "@/app/_ui/domain/studies/study-status.tsx";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { studyHref } from "@/app/paths.ts";
import type { StudyLine } from "@/lib/studies/list.ts";
import { numberWords, valueWords } from "@/lib/words/numbers.ts";
import { decisionWords, objectiveWords, stageWords } from "@/lib/words/studies/study-words.ts";

/** Studies, the newest first: what each asks, how far it is, and what came of it. */
export function StudiesTable({ slug, studies }: { slug: string; studies: StudyLine[] }) {
  return (
    <WideTable>
      <table className="table bleed">
        <thead>
          <tr>
            <th className="number">No.</th>
            <th>Study</th>
            <th>Stage</th>
            <th>Status</th>
            <th className="number">Trials</th>
            <th>Objective</th>
            <th className="number">Best so far</th>
            <th>Conclusion</th>
            <th>By</th>
            <th>Made</th>
          </tr>
        </thead>
        <tbody>
          {studies.map((study) => (
            <StudyRow key={study.id} slug={slug} study={study} />
          ))}
        </tbody>
      </table>
    </WideTable>
  );
}

function StudyRow({ slug, study }: { slug: string; study: StudyLine }) {
  const { asked, best, decision } = study;
  return (
    <tr>
      <td className="number text-muted">{study.number}</td>
      <td className="max-w-80 truncate">
        <Link
          href={studyHref(slug, study.number)}
          prefetch={false}
          title={study.question || study.title}
          className="font-medium hover:text-accent"
        >
          {study.title}
        </Link>
        {study.question && <span className="ml-2 text-muted">{study.question}</span>}
      </td>
      <td>{stageWords(study.stage)}</td>
      <td>
        <StudyStatusBadge status={study.status} />
      </td>
      <td className="number">
        {numberWords(asked)} <span className="text-muted">of {numberWords(study.trialsBudget)}</span>
      </td>
      <td className="max-w-60 truncate" title={objectiveWords(study.objective)}>
        {study.objective.split}/{study.objective.metric}
      </td>
      <td className="number" title={best ? `trial ${best.number}, mean of ${best.seeds} seeds` : undefined}>
        {best ? valueWords(best.value) : <span className="text-muted">none yet</span>}
      </td>
      <td className="max-w-80 truncate" title={study.conclusion || undefined}>
        {decision && <Badge tone={decision === "reject" ? "plain" : "accent"}>{decisionWords(decision)}</Badge>}
        {study.conclusion && <span className="ml-2 text-muted">{study.conclusion}</span>}
      </td>
      <td className="max-w-40 truncate text-muted">{study.createdBy}</td>
      <td className="text-muted">
        <Time at={study.createdAt} />
      </td>
    </tr>
  );
}
