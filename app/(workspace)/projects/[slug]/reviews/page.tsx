import { GitPullRequest } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { ReviewState } from "@/app/_ui/domain/threads/review-state.tsx";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { ProjectHeader } from "@/app/_ui/shell/project-header.tsx";
import { historyHref, reviewHref } from "@/app/paths.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { listReviews } from "@/lib/reviews/read-reviews.ts";
import { listWords } from "@/lib/words/numbers.ts";
import { reviewedWords } from "@/lib/words/reviews/review-words.ts";

export const metadata: Metadata = { title: "Reviews" };

export default async function ReviewsPage({ params }: { params: Promise<{ slug: string }> }) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const reviews = await listReviews(member, project.id);
  return (
    <>
      <ProjectHeader
        project={project}
        actions={
          <>
            <LivePage filter={{ reviews: project.id }} />
            <Link href={historyHref(project.slug)} prefetch={false} className={buttonClass()}>
              History
            </Link>
          </>
        }
      />
      {reviews.length === 0 ? (
        <Empty icon={GitPullRequest} title="No review yet">
          <p>
            Runs go to review from their comparison, a study from its page, a claim from the champion's. Comments hang
            on what they speak of, and an approval locks what was approved.
          </p>
        </Empty>
      ) : (
        <WideTable>
          <table aria-label="Reviews" className="table">
            <thead>
              <tr>
                <th className="number">No.</th>
                <th>Title</th>
                <th>Of</th>
                <th>State</th>
                <th>Asked by</th>
                <th>Of whom</th>
              </tr>
            </thead>
            <tbody>
              {reviews.map((review) => (
                <tr key={review.id}>
                  <td className="number text-muted">{review.number}</td>
                  <td className="max-w-96 truncate font-medium">
                    <Link href={reviewHref(project.slug, review.number)} prefetch={false} className="hover:text-accent">
                      {review.title}
                    </Link>
                  </td>
                  <td className="text-muted">{reviewedWords(review.kind, review.subjects.length)}</td>
                  <td>
                    <ReviewState state={review.state} />
                  </td>
                  <td className="text-muted">
                    {review.askedBy}, <Time at={review.askedAt} />
                  </td>
                  <td className="max-w-60 truncate text-muted">
                    {review.reviewers.length > 0 ? listWords(review.reviewers.map(({ name }) => name)) : "anybody"}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </WideTable>
      )}
    </>
  );
}
