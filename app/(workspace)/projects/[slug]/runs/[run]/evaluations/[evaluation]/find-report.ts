import { cache } from "react";
import { currentMember } from "@/app/_session.ts";
import { readReportPage } from "@/lib/evaluations/live/report-page.ts";
import { asProblem } from "@/lib/problem.ts";

export type ReportParams = Promise<{ slug: string; run: string; evaluation: string }>;

/** What the address names, for the member who asks; the page is null where there is nothing. */
export async function findReport(params: ReportParams) {
  const member = await currentMember();
  const { slug, run, evaluation } = await params;
  const page = await readPage(run, evaluation);
  return { member, page: page?.run.slug === decodeURIComponent(slug) ? page : null };
}

/** Once a request: the page and its title ask for it. */
const readPage = cache(async (run: string, evaluation: string) =>
  readReportPage(await currentMember(), run, evaluation).catch((error: unknown) => {
    if (asProblem(error)?.kind === "not-found") return null;
    throw error;
  }),
);
