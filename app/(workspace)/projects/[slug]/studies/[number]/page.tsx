import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { newReviewHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { countThreads } from "@/lib/reviews/read-threads.ts";
import { readReview } from "@/lib/studies/review/read-review.ts";
import { StudyActs } from "./_acts/study-acts.tsx";
import { LoopPart } from "./_loop/loop-part.tsx";
import { FlagList } from "./_panels/frame/flag-list.tsx";
import { PanelFrame } from "./_panels/frame/panel-frame.tsx";
import { PanelIndex } from "./_panels/frame/panel-index.tsx";
import { TrialsProvider } from "./_panels/frame/trials-data.tsx";
import { panels } from "./_panels/panels.ts";
import { findStudyPage, type StudyParams } from "./find-study-page.ts";
import { StudyHeader } from "./study-header.tsx";

type Props = {
  params: StudyParams;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const found = await findStudyPage(params);
  return { title: found ? found.study.title : "No such study" };
}

export default async function StudyPage({ params, searchParams }: Props) {
  const [found, asked] = await Promise.all([findStudyPage(params), searchParams]);
  if (!found) notFound();
  const { member, project, study } = found;
  const [review, threads] = await Promise.all([
    readReview(member, project, study),
    countThreads(member, project.id, { kind: "study", id: study.id }),
  ]);
  const query = new URLSearchParams(
    Object.entries(asked).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
  const { trials } = review.panels;
  const props = { study, review, project, member, query };
  return (
    <>
      <StudyHeader
        {...props}
        actions={
          <>
            <LivePage filter={{ project: project.id }} pauseMs={2000} />
            {can(member, "reviews.write", project.id) && (
              <Link
                href={newReviewHref(project.slug, new URLSearchParams({ study: study.id }))}
                prefetch={false}
                className={buttonClass()}
              >
                Ask for a review
              </Link>
            )}
            <StudyActs {...props} />
          </>
        }
      />
      {review.banners.length > 0 && (
        <div className="border-b border-line px-4 py-3 md:px-6">
          <FlagList flags={review.banners} />
        </div>
      )}
      {study.mode === "loop" && <LoopPart member={member} study={study} projectId={project.id} />}
      <div className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-[200px_minmax(0,1fr)]">
        <PanelIndex names={panels.map(({ name }) => name)} flags={review.flags} />
        <div className="min-w-0">
          <TrialsProvider text={JSON.stringify("data" in trials ? trials.data : null)}>
            {panels.map((panel) => (
              <PanelFrame key={panel.name} panel={panel} threads={threads} {...props} />
            ))}
          </TrialsProvider>
        </div>
      </div>
    </>
  );
}
