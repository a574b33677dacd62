import Link from "next/link";
import type { ReactNode } from "react";
import { StatusBadge } from "@/app/_ui/domain/status-badge.tsx";
import { ThreadMark } from "@/app/_ui/domain/threads/thread-mark.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Written } from "@/app/_ui/parts/written.tsx";
import { championHref, compareHref, runHref, studyHref } from "@/app/paths.ts";
import type { NamedRun, ReviewedStudy, ReviewPage } from "@/lib/reviews/review-page.ts";
import { countWords } from "@/lib/words/numbers.ts";

type ReviewedProps = { slug: string; projectId: string; page: ReviewPage };

/** What is under review, with a mark beside each part to comment on it. */
export function Reviewed({ slug, projectId, page }: ReviewedProps) {
  const { review, study, claim, runs, chosenRun } = page;
  const subject = (kind: string, id: string) => ({ projectId, subject: `${kind}:${id}`, anchor: "whole" });
  const openOn = (of: string) =>
    page.threads.filter((one) => one.subject === of && one.anchor === "whole" && !one.resolvedAt).length;
  const mark = (kind: string, id: string) => <ThreadMark {...subject(kind, id)} count={openOn(`${kind}:${id}`)} />;
  const chosen = runs.find(({ id }) => id === chosenRun);
  return (
    <section aria-labelledby="reviewed" className="grid gap-3 text-sm">
      <h2 id="reviewed" className="text-base font-medium">
        Under review
      </h2>
      {study && <Study slug={slug} study={study} mark={mark("study", study.id)} />}
      {claim && (
        <p className="flex flex-wrap items-center gap-2">
          <Link href={championHref(slug, claim.manifest)} prefetch={false} className="font-medium hover:text-accent">
            Claim {claim.number}
          </Link>
          <span className="min-w-0 wrap-anywhere">{claim.reason}</span>
          {mark("claim", claim.id)}
        </p>
      )}
      {review.kind === "runs" && (
        <>
          <ul className="divide-y divide-line border-y border-line">
            {review.subjects.map((id) => (
              <RunLine
                key={id}
                slug={slug}
                run={runs.find((one) => one.id === id)}
                isChosen={id === chosenRun}
                mark={mark("run", id)}
              />
            ))}
          </ul>
          {review.subjects.length > 1 && (
            <Link
              href={compareHref(slug, new URLSearchParams(review.subjects.map((id) => ["run", id])))}
              prefetch={false}
              className={`${buttonClass()} w-fit`}
            >
              Compare them
            </Link>
          )}
        </>
      )}
      {review.kind !== "runs" && chosenRun && (
        <ul className="border-y border-line">
          <RunLine slug={slug} run={chosen} isChosen mark={chosen && mark("run", chosen.id)} />
        </ul>
      )}
    </section>
  );
}

function RunLine({
  slug,
  run,
  isChosen,
  mark,
}: {
  slug: string;
  run: NamedRun | undefined;
  isChosen: boolean;
  mark: ReactNode;
}) {
  if (!run) return <li className="py-1.5 text-muted">a run that was purged</li>;
  return (
    <li className="flex min-h-9 flex-wrap items-center gap-x-2 gap-y-1 py-1">
      <Link
        href={runHref(slug, run.id)}
        prefetch={false}
        className="min-w-0 font-medium wrap-anywhere hover:text-accent"
      >
        {run.name}
      </Link>
      <StatusBadge status={run.status} />
      {isChosen && <Badge tone="accent">chosen</Badge>}
      {run.isDeleted && <Badge tone="warning">deleted</Badge>}
      <span className="ml-auto">{mark}</span>
    </li>
  );
}

function Study({ slug, study, mark }: { slug: string; study: ReviewedStudy; mark: ReactNode }) {
  return (
    <div className="grid gap-3">
      <p className="flex flex-wrap items-center gap-2">
        <Link href={studyHref(slug, study.number)} prefetch={false} className="font-medium hover:text-accent">
          Study {study.number}: {study.title}
        </Link>
        <span className="text-muted">
          {study.status}, {countWords(study.trials, "trial")}
        </span>
        {study.decision && <Badge>{study.decision.replaceAll("-", " ")}</Badge>}
        <span className="ml-auto">{mark}</span>
      </p>
      <Text title="Question" text={study.question} />
      <Text
        title={study.isHypothesis ? "Hypothesis" : "Note"}
        text={study.hypothesis}
        badge={study.isHypothesis ? "written before the first trial" : "written after trials had begun"}
      />
      <Text title="Conclusion" text={study.conclusion} />
    </div>
  );
}

function Text({ title, text, badge }: { title: string; text: string; badge?: string }) {
  if (text.trim() === "") return null;
  return (
    <div className="grid max-w-160 gap-1">
      <h3 className="flex flex-wrap items-center gap-2 font-medium">
        {title} {badge && <Badge>{badge}</Badge>}
      </h3>
      <div className="prose text-sm wrap-anywhere">
        <Written text={text} />
      </div>
    </div>
  );
}
