import { ChevronLeft, ChevronRight, ImageOff } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { evaluationHref, projectHref, runHref } from "@/app/paths.ts";
import { requireEvaluation } from "@/lib/evaluations/evaluations.ts";
import { listEvaluatedSamples } from "@/lib/evaluations/live/samples.ts";
import { asProblem } from "@/lib/problem.ts";
import { countThreads } from "@/lib/reviews/read-threads.ts";
import { getRun } from "@/lib/runs/runs.ts";
import type { EvaluatedSamples } from "@/lib/wire/evaluated-samples.ts";
import { anchorText } from "@/lib/wire/reviews/anchors.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { GalleryFilter } from "./gallery-filter.tsx";
import { SampleCard } from "./sample-card.tsx";

export const metadata: Metadata = { title: "Evaluated samples" };

type Props = {
  params: Promise<{ slug: string; run: string; evaluation: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function GalleryPage({ params, searchParams }: Props) {
  const member = await currentMember();
  const { slug, run: runId, evaluation: id } = await params;
  const run = await getRun(member, runId);
  if (!run || run.slug !== decodeURIComponent(slug)) notFound();
  const evaluation = await requireEvaluation(member, runId, id).catch(() => notFound());
  const query = new URLSearchParams(
    Object.entries(await searchParams).flatMap(([name, value]) =>
      typeof value === "string" && value !== "" ? [[name, value]] : [],
    ),
  );
  const [shown, counts] = await Promise.all([
    read(member, { runId, id, query }),
    countThreads(member, run.projectId, { kind: "evaluation", id }),
  ]);
  return (
    <>
      <PageHeader
        title="Samples"
        above={[
          { label: run.projectName, href: projectHref(run.slug) },
          { label: run.name, href: runHref(run.slug, run.id, "evaluations") },
          { label: `Report on ${evaluation.split}`, href: evaluationHref(run.slug, run.id, id) },
        ]}
      />
      <GalleryFilter classes={evaluation.task === "classification" ? evaluation.classes : null} query={query} />
      {"problem" in shown ? (
        <Empty icon={ImageOff} title="No sample is shown">
          <p>{shown.problem}</p>
        </Empty>
      ) : (
        <Gallery
          page={shown}
          place={{
            slug: run.slug,
            manifest: evaluation.manifest,
            run: runId,
            evaluation: id,
            projectId: run.projectId,
          }}
          counts={counts}
          isMasks={evaluation.form === "mask"}
          query={query}
        />
      )}
    </>
  );
}

type Asked = { runId: string; id: string; query: URLSearchParams };

/** What is asked for, or why it isn't shown. */
async function read(
  member: Parameters<typeof listEvaluatedSamples>[0],
  { runId, id, query }: Asked,
): Promise<EvaluatedSamples | { problem: string }> {
  try {
    return await listEvaluatedSamples(member, runId, id, Object.fromEntries(query));
  } catch (error) {
    const problem = asProblem(error);
    if (!problem || problem.status >= 500) throw error;
    return { problem: problem.detail };
  }
}

type GalleryProps = {
  page: EvaluatedSamples;
  place: { slug: string; manifest: string; run: string; evaluation: string; projectId: string };
  /** Of open threads, by place. */
  counts: Record<string, number>;
  /** Three pictures a sample stand beside each other. */
  isMasks: boolean;
  query: URLSearchParams;
};

function Gallery({ page: { total, samples }, place, counts, isMasks, query }: GalleryProps) {
  const from = Number(query.get("from") ?? 0);
  const at = (first: number) => {
    const next = new URLSearchParams(query);
    if (first <= 0) next.delete("from");
    else next.set("from", String(first));
    return `?${next}`;
  };
  if (samples.length === 0) return <p className="px-4 py-16 text-center text-sm text-muted">No sample is like that.</p>;
  return (
    <div className="grid gap-4 px-4 py-4 md:px-6">
      <div className="flex flex-wrap items-center gap-2 text-sm text-muted">
        <span>
          {numberWords(from + 1)} to {numberWords(from + samples.length)} of {countWords(total, "sample")}
        </span>
        <span className="ml-auto flex gap-2">
          {from > 0 && (
            <Link href={at(from - PAGE)} prefetch={false} className={buttonClass()}>
              <ChevronLeft aria-hidden />
              Previous
            </Link>
          )}
          {from + samples.length < total && (
            <Link href={at(from + samples.length)} prefetch={false} className={buttonClass()}>
              Next
              <ChevronRight aria-hidden />
            </Link>
          )}
        </span>
      </div>
      {isMasks && (
        <p className="text-sm text-muted">
          Of each image: the true mask, the told one, and in white where they differ.
        </p>
      )}
      <ul
        className={`grid gap-3 ${isMasks ? "grid-cols-[repeat(auto-fill,minmax(280px,1fr))]" : "grid-cols-[repeat(auto-fill,minmax(150px,1fr))]"}`}
      >
        {samples.map((sample) => (
          <SampleCard
            key={sample.key}
            sample={sample}
            place={place}
            threads={counts[anchorText({ kind: "sample", key: sample.key })] ?? 0}
          />
        ))}
      </ul>
    </div>
  );
}

const PAGE = 60;
