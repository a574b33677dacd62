import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import type { PlaceNames } from "@/app/_ui/domain/threads/place-of.ts";
import { ReviewState } from "@/app/_ui/domain/threads/review-state.tsx";
import { ThreadList } from "@/app/_ui/domain/threads/thread-list.tsx";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { Written } from "@/app/_ui/parts/written.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { projectHref, reviewsHref } from "@/app/paths.ts";
import type { MemberActor } from "@/lib/access/actor.ts";
import { can } from "@/lib/access/permissions.ts";
import { ProblemError } from "@/lib/problem.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { type ReviewPage as Page, readReviewPage } from "@/lib/reviews/review-page.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { listWords } from "@/lib/words/numbers.ts";
import { DecideForm } from "./decide-form.tsx";
import { Decisions } from "./decisions.tsx";
import { ReviewMenu } from "./review-menu.tsx";
import { Reviewed } from "./reviewed.tsx";
import { SeenMark } from "./seen-mark.tsx";

type Params = Promise<{ slug: string; review: string }>;

async function find(params: Params): Promise<{ member: MemberActor; project: Project; page: Page } | null> {
  const member = await currentMember();
  const { slug, review } = await params;
  const project = await getProject(member, decodeURIComponent(slug));
  if (!project) return null;
  const page = await readReviewPage(member, project.id, decodeURIComponent(review)).catch((error: unknown) => {
    if (error instanceof ProblemError && error.kind === "not-found") return null;
    throw error;
  });
  return page && { member, project, page };
}

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  const found = await find(params);
  return { title: found ? `Review ${found.page.review.number}: ${found.page.review.title}` : "No such review" };
}

export default async function ReviewPage({ params }: { params: Params }) {
  const found = await find(params);
  if (!found) notFound();
  const { member, project, page } = found;
  const { review, threads, reader, seenAt, study, claim } = page;
  const { slug } = project;
  const isOpen = review.state === "waiting" || review.state === "changes-requested";
  const isOwn = review.askedByActor === reader.me;
  const names: PlaceNames = {
    runs: Object.fromEntries(page.runs.map(({ id, name }) => [id, name])),
    review: review.number,
    ...(study ? { study: study.number } : {}),
    ...(claim ? { claim: claim.number } : {}),
  };
  return (
    <>
      <PageHeader
        title={
          <span className="inline-flex flex-wrap items-center gap-x-2">
            <span className="text-muted tabular-nums">{review.number}.</span> {review.title}
            <ReviewState state={review.state} />
          </span>
        }
        above={[
          { label: project.name, href: projectHref(slug) },
          { label: "Reviews", href: reviewsHref(slug) },
        ]}
        actions={
          <>
            <LivePage filter={{ reviews: project.id }} pauseMs={300} />
            {isOwn && review.state !== "approved" && (
              <ReviewMenu project={project.id} review={review} runs={review.kind === "runs" ? page.runs : []} />
            )}
          </>
        }
      />
      <SeenMark project={project.id} review={review.id} latest={latestOf(page)} />
      <div className="grid gap-6 px-4 py-6 md:px-6 xl:grid-cols-[minmax(0,1fr)_360px]">
        <div className="grid min-w-0 content-start gap-6">
          <p className="text-sm text-muted">
            {review.askedBy} asks{" "}
            {review.reviewers.length > 0 ? listWords(review.reviewers.map(({ name }) => name)) : "anybody"},{" "}
            <Time at={review.askedAt} />
          </p>
          {review.about.trim() !== "" && (
            <div className="prose max-w-160 text-sm wrap-anywhere">
              <Written text={review.about} />
            </div>
          )}
          <Reviewed slug={slug} projectId={project.id} page={page} />
          <ThreadList
            projectId={project.id}
            slug={slug}
            threads={threads}
            reader={reader}
            names={names}
            times={{ seenAt, approvedAt: review.approvedAt }}
            subject={`review:${review.id}`}
            canBegin={review.state !== "closed"}
          />
        </div>
        <aside aria-label="Decision" className="grid content-start gap-4">
          <Decisions review={review} seenAt={seenAt} me={reader.me} />
          {isOpen && can(member, "reviews.decide", project.id) && (
            <DecideForm project={project.id} review={review.id} isOwn={isOwn} />
          )}
        </aside>
      </div>
    </>
  );
}

/** When something of the page happened last: a mark that it was seen is set anew once this is another. */
const latestOf = ({ review, threads }: Page): string =>
  [
    review.askedAt,
    review.approvedAt ?? "",
    ...review.decisions.map(({ at }) => at),
    ...threads.flatMap(({ comments }) => comments.map(({ at, editedAt }) => editedAt ?? at)),
  ].reduce((a, b) => (a > b ? a : b));
