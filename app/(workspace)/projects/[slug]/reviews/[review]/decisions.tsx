import { Check, MessageSquareWarning } from "lucide-react";
import { NewMark } from "@/app/_ui/domain/threads/new-mark.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { Written } from "@/app/_ui/parts/written.tsx";
import type { Review } from "@/lib/wire/reviews/reviews.ts";

/** What was decided, in order, and that it is locked. */
export function Decisions({ review, seenAt, me }: { review: Review; seenAt: string | null; me: string }) {
  const { decisions, approvedAt } = review;
  return (
    <section aria-labelledby="decisions" className="grid gap-2 text-sm">
      <h2 id="decisions" className="text-base font-medium">
        Decisions
      </h2>
      {decisions.length === 0 && <p className="text-muted">Nobody has decided yet.</p>}
      <ol className="grid gap-3">
        {decisions.map(({ id, approves, word, by, byActor, at, isStale }) => (
          <li key={id} className="grid gap-1">
            <span className="flex flex-wrap items-center gap-x-1.5 gap-y-1">
              {approves ? (
                <Check aria-hidden className="size-4 text-finished" />
              ) : (
                <MessageSquareWarning aria-hidden className="size-4 text-warning" />
              )}
              <span className="font-medium">{by}</span>
              {approves ? "approves" : "asks for changes"},{" "}
              <span className="text-muted">
                <Time at={at} />
              </span>
              {isStale && <Badge>of an earlier state</Badge>}
              {byActor !== me && <NewMark at={at} seenAt={seenAt} />}
            </span>
            {word && (
              <div className="prose pl-5.5 text-sm wrap-anywhere">
                <Written text={word} />
              </div>
            )}
          </li>
        ))}
      </ol>
      {approvedAt && (
        <p className="rounded-md bg-accent-soft px-3 py-2 text-accent">
          Approved <Time at={approvedAt} />. What was approved is locked
          {review.conclusion?.chosenRun ? ", and its choice is the base of what follows." : "."}
        </p>
      )}
    </section>
  );
}
