import Link from "next/link";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { Written } from "@/app/_ui/parts/written.tsx";
import { runHref, studyHref } from "@/app/paths.ts";
import type { HistoryStudy } from "@/lib/wire/reviews/history.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { changeWords, decisionWords } from "@/lib/words/reviews/history-words.ts";
import { Approval } from "./approval.tsx";

/** Deeper ones are drawn as deep as this: what they follow from is written too. */
const DEPTH_SHOWN = 6;
const CHANGES_SHOWN = 12;

/** A study of the history: what changed on the way to it, what it asked, and what was decided. */
export function StudyNode({ slug, study }: { slug: string; study: HistoryStudy }) {
  const { number, title, parent, depth, question, hypothesis, isHypothesis, conclusion, decision, chosen } = study;
  const shown = study.changes.slice(0, CHANGES_SHOWN);
  return (
    <li
      data-study={number}
      data-depth={depth}
      className="grid gap-2 border-l-2 border-line pl-4 text-sm print:break-inside-avoid"
      style={{ marginLeft: `${Math.min(depth, DEPTH_SHOWN) * 20}px` }}
    >
      <h3 className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <span className="text-muted tabular-nums">{number}.</span>
        <Link href={studyHref(slug, number)} prefetch={false} className="font-medium wrap-anywhere hover:text-accent">
          {title}
        </Link>
        {decision && <Badge tone={decision === "reject" ? "plain" : "accent"}>{decisionWords(decision)}</Badge>}
        <span className="text-muted">
          {study.status}, {countWords(study.trials, "trial")}
          {parent !== null && `, follows from study ${parent}`}
        </span>
      </h3>
      {shown.length > 0 && (
        <ul aria-label="What changed" className="flex flex-wrap gap-1.5">
          {shown.map((change) => (
            <li
              key={change.what}
              className="rounded-sm border border-line bg-surface px-1.5 py-0.5 font-mono text-xs wrap-anywhere"
            >
              {changeWords(change)}
            </li>
          ))}
          {study.changes.length > shown.length && (
            <li className="text-xs text-muted">and {study.changes.length - shown.length} more</li>
          )}
        </ul>
      )}
      <Text text={question} />
      <Text
        text={hypothesis}
        title={isHypothesis ? "Hypothesis, written before the first trial" : "Note, written after trials had begun"}
      />
      {chosen && (
        <p>
          Chosen:{" "}
          <Link href={runHref(slug, chosen.id)} prefetch={false} className="underline wrap-anywhere">
            {chosen.name}
          </Link>
        </p>
      )}
      <Text text={conclusion} title="Conclusion" />
      {study.concludedAt && (
        <p className="text-xs text-muted">
          {study.concludedBy}, <Time at={study.concludedAt} />
        </p>
      )}
      {study.approval && <Approval slug={slug} approval={study.approval} />}
    </li>
  );
}

function Text({ text, title }: { text: string; title?: string }) {
  if (text.trim() === "") return null;
  return (
    <div className="grid max-w-160 gap-0.5">
      {title && <h4 className="text-xs font-medium text-muted">{title}</h4>}
      <div className="prose text-sm wrap-anywhere">
        <Written text={text} />
      </div>
    </div>
  );
}
