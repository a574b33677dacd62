import { placeOf } from "@/app/_ui/domain/threads/place-of.ts";
import { Time } from "@/app/_ui/parts/time.tsx";
import { projectHref, reviewHref, runHref } from "@/app/paths.ts";
import { parseSubject } from "@/lib/wire/reviews/anchors.ts";
import type { Notification } from "@/lib/wire/reviews/inbox.ts";
import { alertWords, anchorWords, notificationWords, subjectWords } from "@/lib/words/reviews/review-words.ts";
import { ToldLink } from "./told-link.tsx";

/** One line of what a member was told. */
export function Told({ told }: { told: Notification }) {
  const { href, words } = lineOf(told);
  return (
    <li className="flex min-h-9 flex-wrap items-center gap-x-2 gap-y-1 py-1 text-sm">
      <span
        aria-hidden
        className={`size-1.5 shrink-0 rounded-full ${told.isRead ? "border border-line-strong" : "bg-accent"}`}
      />
      {!told.isRead && <span className="sr-only">unread</span>}
      <ToldLink id={told.id} href={href} isRead={told.isRead}>
        {words}
      </ToldLink>
      <span className="text-muted">
        {told.project.name}, <Time at={told.at} />
      </span>
    </li>
  );
}

function lineOf({ kind, by, project, review, thread, run, rule }: Notification): { href: string; words: string } {
  const { slug } = project;
  if (kind === "rule")
    return {
      href: run ? runHref(slug, run.id) : projectHref(slug),
      words: `${run?.name ?? "a run that was purged"} ${rule ? alertWords(rule) : ""}`,
    };
  const did = `${by} ${notificationWords(kind)}`;
  if (review) return { href: reviewHref(slug, review.number), words: `${did}: ${review.title}` };
  if (!thread) return { href: projectHref(slug), words: did };
  const subject = parseSubject(thread.subject);
  const words = `${did} on a ${subjectWords(subject.kind)}, ${anchorWords(thread.anchor)}`;
  return { href: placeOf(slug, thread, { runs: {} }).href, words };
}
