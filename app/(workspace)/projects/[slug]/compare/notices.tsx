"use client";
/** What bars a comparison of the runs: which of them, why, and what to do. Three lines until it is opened. */
import { ChevronDown, Info, OctagonAlert, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useId, useState } from "react";
import { manifestCompareHref, manifestHref, runHref } from "@/app/paths.ts";
import type { ComparedFacts } from "@/lib/compare/comparison.ts";
import type { ComparabilityNotice } from "@/lib/wire/comparison.ts";
import { barredWords, noticeTitle } from "@/lib/words/comparison-words.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";

type Shown = Pick<ComparedFacts, "baseline" | "notices"> & {
  runs: { id: string; name: string; manifest: { id: string; name: string } | null }[];
};
type NoticesProps = { slug: string; facts: Shown };

/** Of the closed banner: its head and two notices. */
const FIRST = 2;
/** So many runs are named of a closed notice. */
const NAMED = 3;
const severity: Record<ComparabilityNotice["bars"], number> = { every: 0, evaluations: 1, test: 2, none: 3 };

export function Notices({ slug, facts }: NoticesProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const notices = [...facts.notices].sort((a, b) => severity[a.bars] - severity[b.bars]);
  if (notices.length === 0) return null;
  const barring = notices.filter(({ bars }) => bars !== "none").length;
  return (
    <section aria-label="What bars a comparison" className="border-b border-line bg-warning-soft text-sm">
      <ul id={id} className="px-4 py-1 md:px-6">
        {notices.map((notice, at) => (
          <li
            key={`${notice.kind} ${JSON.stringify(notice.figures)}`}
            className={`flex min-h-6 items-start gap-2 py-0.5 ${at >= FIRST && !isOpen ? "hidden print:flex" : ""}`}
          >
            <NoticeLine slug={slug} facts={facts} notice={notice} isOpen={isOpen} />
          </li>
        ))}
        <li className="print:hidden">
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setOpen(!isOpen)}
            className="flex h-6 items-center gap-1 text-muted hover:text-text"
          >
            <ChevronDown aria-hidden className={`size-4 transition-transform ${isOpen ? "rotate-180" : ""}`} />
            {isOpen ? "Less" : moreWords(notices.length, barring)}
          </button>
        </li>
      </ul>
    </section>
  );
}

function moreWords(count: number, barring: number): string {
  if (count === 1) return "Why, and what to do";
  const some = barring === 0 ? "" : `, ${numberWords(barring)} of which ${barring === 1 ? "bars" : "bar"} verdicts`;
  return `${countWords(count, "notice")}${barring === count ? " that bar verdicts" : some}: why, and what to do`;
}

type NoticeLineProps = { slug: string; facts: Shown; notice: Shown["notices"][number]; isOpen: boolean };

function NoticeLine({ slug, facts, notice, isOpen }: NoticeLineProps) {
  const runOf = new Map(facts.runs.map((run) => [run.id, run]));
  const named = isOpen ? notice.runs : notice.runs.slice(0, NAMED);
  const left = notice.runs.length - named.length;
  const Icon = notice.bars === "every" ? OctagonAlert : notice.bars === "none" ? Info : TriangleAlert;
  return (
    <>
      <Icon
        aria-hidden
        className={`mt-0.5 size-4 shrink-0 ${notice.bars === "none" ? "text-muted" : "text-warning"}`}
      />
      <div className={`min-w-0 ${isOpen ? "wrap-anywhere" : "truncate print:whitespace-normal"}`}>
        <b className="font-medium">{noticeTitle(notice)}</b> <span className="text-muted">({barredWords(notice)})</span>
        {": "}
        {named.map((id, at) => (
          <span key={id}>
            {at > 0 && ", "}
            <Link
              prefetch={false}
              href={runHref(slug, id)}
              className="underline decoration-line-strong underline-offset-2"
            >
              {runOf.get(id)?.name ?? id}
            </Link>
          </span>
        ))}
        {left > 0 && (
          <>
            <span className="print:hidden"> and {numberWords(left)} more</span>
            <span className="hidden print:inline">
              {notice.runs.slice(NAMED).map((id) => `, ${runOf.get(id)?.name ?? id}`)}
            </span>
          </>
        )}
        {". "}
        <span className={isOpen ? "" : "text-muted"}>{notice.detail}</span>
        {isOpen && <WhatToDo slug={slug} facts={facts} notice={notice} />}
      </div>
    </>
  );
}

/** Links to what tells more: the manifests and their difference. */
function WhatToDo({ slug, facts, notice }: Omit<NoticeLineProps, "isOpen">) {
  const base = facts.runs.find(({ id }) => id === facts.baseline)?.manifest;
  const others = [
    ...new Map(
      facts.runs.flatMap(({ id, manifest }) => (manifest && notice.runs.includes(id) ? [[manifest.id, manifest]] : [])),
    ).values(),
  ].slice(0, 4);
  const isOfSplits = /^(other-(train|validation|test|manifest)|trained-on-test)$/.test(notice.kind);
  if (notice.kind === "blocked" || notice.kind === "unchecked")
    return others.map(({ id, name }) => (
      <LinkTo key={id} href={manifestHref(slug, id)}>
        The checks of {name}
      </LinkTo>
    ));
  if (!isOfSplits || !base) return null;
  return others
    .filter(({ id }) => id !== base.id)
    .map(({ id, name }) => (
      <LinkTo key={id} href={`${manifestCompareHref(slug, base.id)}?with=${id}`}>
        {notice.kind === "trained-on-test" ? `The samples at risk in ${name}` : `What differs in ${name}`}
      </LinkTo>
    ));
}

const LinkTo = ({ href, children }: { href: string; children: React.ReactNode }) => (
  <>
    {" "}
    <Link prefetch={false} href={href} className="text-accent underline print:hidden">
      {children}
    </Link>
  </>
);
