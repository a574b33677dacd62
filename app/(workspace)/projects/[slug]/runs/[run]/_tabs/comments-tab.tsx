import Link from "next/link";
import { LiveReread } from "@/app/_ui/live/live.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { newReviewHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { readReader } from "@/lib/reviews/panel.ts";
import { isOnAny, readThreads } from "@/lib/reviews/read-threads.ts";
import type { TabProps } from "./tab.ts";
import { ThreadList } from "./tab-parts.tsx";

/** The threads on the run, its config, its curves and its evaluations. */
export async function CommentsTab({ run, member }: Pick<TabProps, "run" | "member">) {
  const [threads, reader] = await Promise.all([
    readThreads(member, run.projectId, isOnAny([], [run.id])),
    readReader(member, run.projectId),
  ]);
  return (
    <div className="grid max-w-200 gap-4 px-4 py-6 md:px-6">
      <LiveReread filter={{ reviews: run.projectId }} pauseMs={300} />
      <ThreadList
        projectId={run.projectId}
        slug={run.slug}
        threads={threads}
        reader={reader}
        names={{ runs: { [run.id]: run.name } }}
        subject={`run:${run.id}`}
        canBegin={!run.deletedAt}
      />
      {can(member, "reviews.write", run.projectId) && !run.deletedAt && (
        <Link
          href={newReviewHref(run.slug, new URLSearchParams({ run: run.id }))}
          prefetch={false}
          className={`${buttonClass()} w-fit`}
        >
          Ask for a review
        </Link>
      )}
    </div>
  );
}
