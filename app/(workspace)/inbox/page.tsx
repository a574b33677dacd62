import { Inbox as InboxIcon } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { currentMember } from "@/app/_session.ts";
import { ReviewState } from "@/app/_ui/domain/threads/review-state.tsx";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { reviewHref } from "@/app/paths.ts";
import { getInbox } from "@/lib/reviews/inbox.ts";
import type { Inbox } from "@/lib/wire/reviews/inbox.ts";
import { ReadAll } from "./read-all.tsx";
import { Told } from "./told.tsx";

export const metadata: Metadata = { title: "Inbox" };

export default async function InboxPage() {
  const member = await currentMember();
  const { waiting, notifications, unread } = await getInbox(member);
  return (
    <>
      <PageHeader
        title="Inbox"
        actions={
          <>
            <LivePage filter={{ reviews: null }} />
            {unread > 0 && <ReadAll />}
          </>
        }
      />
      {waiting.length === 0 && notifications.length === 0 ? (
        <Empty icon={InboxIcon} title="Nothing yet">
          <p>
            Reviews that wait for you stand here, and what you were told: who named or answered you, what was decided,
            and what your rules on runs saw. A project's settings have your rules.
          </p>
        </Empty>
      ) : (
        <div className="grid max-w-240 gap-8 px-4 py-6 md:px-6">
          <Waiting waiting={waiting} />
          <section aria-labelledby="told" className="grid gap-2">
            <h2 id="told" className="text-base font-medium">
              What happened
            </h2>
            {notifications.length === 0 && <p className="text-sm text-muted">You were told nothing yet.</p>}
            <ol className="divide-y divide-line">
              {notifications.map((one) => (
                <Told key={one.id} told={one} />
              ))}
            </ol>
          </section>
        </div>
      )}
    </>
  );
}

function Waiting({ waiting }: { waiting: Inbox["waiting"] }) {
  return (
    <section aria-labelledby="waiting" className="grid gap-2">
      <h2 id="waiting" className="text-base font-medium">
        Waits for you
      </h2>
      {waiting.length === 0 && <p className="text-sm text-muted">Nothing waits for your word.</p>}
      <ul className="divide-y divide-line">
        {waiting.map((review) => (
          <li key={review.id} className="flex min-h-9 flex-wrap items-center gap-x-2 gap-y-1 py-1 text-sm">
            <Link
              href={reviewHref(review.project.slug, review.number)}
              prefetch={false}
              className="min-w-0 font-medium wrap-anywhere hover:text-accent"
            >
              {review.title}
            </Link>
            <ReviewState state={review.state} />
            <span className="text-muted">
              {review.project.name}, asked by {review.askedBy}, <Time at={review.askedAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
