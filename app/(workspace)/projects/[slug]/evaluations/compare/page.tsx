import { Scale } from "lucide-react";
import type { Metadata } from "next";
import Form from "next/form";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { Input, Select } from "@/app/_ui/parts/field.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { evaluationsHref, projectHref } from "@/app/paths.ts";
import { listRules } from "@/lib/champions/rules.ts";
import { compareEvaluations } from "@/lib/evaluations/live/comparison.ts";
import { listProjectEvaluations } from "@/lib/evaluations/live/listed.ts";
import { asProblem } from "@/lib/problem.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { metricNames } from "@/lib/wire/evaluations/metrics.ts";
import { metricTitle } from "@/lib/words/report-words.ts";
import { ComparedPairs } from "./compared-pairs.tsx";
import { DifferingSamples } from "./differing-samples.tsx";

export const metadata: Metadata = { title: "Compare evaluations" };

type Props = {
  params: Promise<{ slug: string }>;
  /** `e`: run/evaluation, the baseline first; `smallest`: the smallest difference that anybody cares for. */
  searchParams: Promise<Partial<Record<"e" | "metric" | "smallest", string | string[]>>>;
};

export default async function ComparePage({ params, searchParams }: Props) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const { e = [], metric, smallest } = await searchParams;
  const asked = [e].flat();
  const pairs = asked.map((one) => ({ run: one.split("/")[0]!, evaluation: one.split("/")[1] ?? "" }));
  const listed = await listProjectEvaluations(member, project.id);
  const chosen = pairs.flatMap(({ evaluation }) => listed.find(({ id }) => id === evaluation) ?? []);
  const [rule] = chosen[0] ? await listRules(member, { projectId: project.id, manifestId: chosen[0].manifest }) : [];
  const typed = typeof smallest === "string" && smallest !== "" ? Number(smallest) : null;
  const compared = await compareEvaluations(member, pairs, {
    projectId: project.id,
    metric: metricNames.find((name) => name === metric) ?? null,
    smallest: typed !== null && typed >= 0 ? typed : (rule?.margin ?? null) || null,
  }).catch((error: unknown) => {
    const problem = asProblem(error);
    if (!problem || problem.status >= 500) throw error;
    return { problem: problem.detail };
  });
  return (
    <>
      <PageHeader
        title="Compare evaluations"
        above={[
          { label: project.name, href: projectHref(project.slug) },
          { label: "Evaluations", href: evaluationsHref(project.slug) },
        ]}
      />
      {"problem" in compared ? (
        <Empty icon={Scale} title="These can't be compared">
          <p>{compared.problem}</p>
        </Empty>
      ) : (
        <div className="grid">
          <Form
            action=""
            className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 text-sm md:px-6 print:hidden"
          >
            {asked.map((one) => (
              <input key={one} type="hidden" name="e" value={one} />
            ))}
            <Select
              name="metric"
              aria-label="Metric"
              defaultValue={compared.data.metric}
              options={compared.metrics.map((name) => [name, metricTitle(name)] as const)}
              className="max-w-64"
            />
            <label htmlFor="smallest" className="text-muted">
              smallest difference of interest
            </label>
            <Input
              id="smallest"
              name="smallest"
              inputMode="decimal"
              defaultValue={compared.data.smallest ?? ""}
              placeholder="none"
              className="max-w-24"
            />
            <Button type="submit">Compare</Button>
          </Form>
          <ComparedPairs slug={project.slug} comparison={compared} chosen={chosen} asked={asked} />
          <DifferingSamples slug={project.slug} comparison={compared} chosen={chosen} />
        </div>
      )}
    </>
  );
}
