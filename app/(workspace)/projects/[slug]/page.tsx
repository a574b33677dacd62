import { SearchX } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { Empty } from "@/app/_ui/empty.tsx";
import { LivePage } from "@/app/_ui/live.tsx";
import { ProjectHeader } from "@/app/_ui/project-header.tsx";
import { can } from "@/lib/access/permissions.ts";
import { origin } from "@/lib/origin.ts";
import { ProblemError } from "@/lib/problem.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { readRunsTable, type RunsTable as Table } from "@/lib/runs/table.ts";
import { FirstRun } from "./first-run.tsx";
import { RunsBar } from "./runs-bar.tsx";
import { RunsTable } from "./runs-table.tsx";
import { type RunsView, readView, viewHref } from "./runs-view.ts";

type Props = {
  params: Promise<{ slug: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const project = await getProject(await currentMember(), decodeURIComponent((await params).slug));
  return { title: project?.name ?? "Not found" };
}

export default async function RunsPage({ params, searchParams }: Props) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const view = readView(await searchParams);
  const primary = project.primaryMetric ? `${project.primarySplit}/${project.primaryMetric}` : null;
  const filter = { project: project.id };
  if (project.runCount === 0)
    return (
      <>
        <ProjectHeader project={project} actions={<LivePage filter={filter} />} />
        <FirstRun origin={origin()} slug={project.slug} canMakeToken={can(member, "tokens.manage")} />
      </>
    );
  const table = await tableOrProblem(() => readRunsTable(member, project.id, view));
  return (
    <>
      <ProjectHeader project={project} actions={<LivePage filter={filter} />} />
      {table instanceof ProblemError ? (
        <Refused slug={project.slug} view={view} problem={table} />
      ) : (
        <>
          <RunsBar slug={project.slug} projectName={project.name} primary={primary} view={view} table={table} />
          {table.rows.length > 0 ? (
            <RunsTable
              slug={project.slug}
              primary={primary}
              view={view}
              table={table}
              canRename={can(member, "runs.update")}
              canDelete={can(member, "runs.delete")}
            />
          ) : (
            <Empty icon={SearchX} title="No run matches">
              <p>
                None of the {table.total} runs has all of these words in its name, status or config.{" "}
                <Link className="text-accent underline" href={viewHref(project.slug, { ...view, q: "", page: 1 })}>
                  Show all
                </Link>
              </p>
            </Empty>
          )}
        </>
      )}
    </>
  );
}

async function tableOrProblem(read: () => Promise<Table>): Promise<Table | ProblemError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ProblemError && error.kind === "invalid") return error;
    throw error;
  }
}

/** An address that asks for what can't be: a link from elsewhere, or typed by hand. */
function Refused({ slug, view, problem }: { slug: string; view: RunsView; problem: ProblemError }) {
  return (
    <Empty icon={SearchX} title="This address asks for what can't be shown">
      <p>{problem.detail}</p>
      <p>{problem.errors?.map((error) => error.detail).join("; ")}</p>
      <Link className="text-accent underline" href={viewHref(slug, { ...view, sort: "", page: 1 })}>
        Sort by time instead
      </Link>
    </Empty>
  );
}
