import { Info, type LucideIcon, OctagonX, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { runHref } from "@/app/paths.ts";
import type { Doubt, DoubtTone } from "@/lib/wire/doubts.ts";
import { chosenWords, doubtLabels, doubtWords, moreWords, toneWords } from "@/lib/words/doubts/doubt-words.ts";
import { LookAtPick } from "./look-at-pick.tsx";

const marks: Record<DoubtTone, { icon: LucideIcon; colour: string }> = {
  danger: { icon: OctagonX, colour: "text-danger" },
  warning: { icon: TriangleAlert, colour: "text-warning" },
  note: { icon: Info, colour: "text-muted" },
};

type DoubtItemProps = { projectId: string; slug: string; doubt: Doubt };

/** A doubt: how grave it is, what was seen, whose runs, why, and what to do now. */
export function DoubtItem({ projectId, slug, doubt }: DoubtItemProps) {
  const { title, seen, rule, source, act } = doubtWords(doubt);
  const { icon: Icon, colour } = marks[doubt.tone];
  return (
    <li data-doubt={doubt.kind} className="grid gap-2 border-t border-line pt-4 text-sm print:break-inside-avoid">
      <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
        <Icon aria-hidden className={`size-4 shrink-0 ${colour}`} strokeWidth={2.25} />
        {title}
        <span className={`text-xs font-normal ${colour}`}>{toneWords(doubt.tone)}</span>
      </h3>
      <p className="max-w-[80ch] wrap-anywhere">{seen}</p>
      <dl className="grid max-w-[80ch] gap-x-4 gap-y-1 max-sm:*:even:mb-1 sm:grid-cols-[3.5rem_minmax(0,1fr)]">
        <dt className="text-muted">{doubtLabels.runs}</dt>
        <dd>
          <DoubtedRuns projectId={projectId} slug={slug} doubt={doubt} />
        </dd>
        <dt className="text-muted">{doubtLabels.why}</dt>
        <dd className="wrap-anywhere">
          {rule}{" "}
          <a href={source.url} target="_blank" rel="noreferrer" className="text-muted underline hover:text-text">
            {source.name}
          </a>
        </dd>
        <dt className="text-muted">{doubtLabels.now}</dt>
        <dd className="font-medium">{act}</dd>
      </dl>
    </li>
  );
}

function DoubtedRuns({ projectId, slug, doubt }: DoubtItemProps) {
  const pick = doubt.kind === "picked-by-test" ? doubt : null;
  return (
    <ul className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {doubt.runs.map(({ id, name }, at) => (
        <li key={id} className="flex min-w-0 flex-wrap items-center gap-x-1.5">
          <Link href={runHref(slug, id)} prefetch={false} className="wrap-anywhere text-accent underline">
            {name}
          </Link>
          {pick?.chosen[at] && <span className="text-muted">{chosenWords(pick.chosen[at])}</span>}
          {pick?.canLook && <LookAtPick projectId={projectId} run={id} name={name} />}
        </li>
      ))}
      {doubt.count > doubt.runs.length && <li className="text-muted">{moreWords(doubt)}</li>}
    </ul>
  );
}
