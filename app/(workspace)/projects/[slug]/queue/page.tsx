import { ListChecks } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { ProjectHeader } from "@/app/_ui/shell/project-header.tsx";
import { can } from "@/lib/access/permissions.ts";
import { origin } from "@/lib/origin.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { endedStatuses, readQueue } from "@/lib/queue/trials.ts";
import { listWorkers } from "@/lib/queue/workers.ts";
import { pythonWorker, workerLines } from "@/lib/snippets.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { TrialTable } from "./trial-table.tsx";
import { WorkerTable } from "./worker-table.tsx";

export const metadata: Metadata = { title: "Queue" };

export default async function QueuePage({ params }: { params: Promise<{ slug: string }> }) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const [{ counts, running, waiting, ended }, workers] = await Promise.all([
    readQueue(member, project.id),
    listWorkers(member, project.id),
  ]);
  const canAct = can(member, "trials.queue", project.id);
  const endedCount = endedStatuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
  const { slug } = project;
  return (
    <>
      <ProjectHeader project={project} actions={<LivePage filter={{ project: project.id }} pauseMs={1000} />} />
      {running.length + waiting.length + endedCount === 0 && (
        <Empty icon={ListChecks} title="Nothing is queued yet">
          <p>
            Choose “Copy and queue…” in a run's menu, open a study, or queue a training by the command line. A worker
            takes what waits, and trains it.
          </p>
        </Empty>
      )}
      {running.length > 0 && (
        <Section title={`Running: ${shownOf(running.length, counts.running)}`} wide>
          <TrialTable slug={slug} trials={running} canAct={canAct} />
        </Section>
      )}
      {waiting.length > 0 && (
        <Section
          title={`Waiting: ${shownOf(waiting.length, counts.queued)}`}
          about="In the order in which workers take them: a higher priority first, then the older."
          wide
        >
          <TrialTable slug={slug} trials={waiting} canAct={canAct} />
        </Section>
      )}
      <Section title="Workers" about="Those that were heard of within the last day." wide>
        {workers.length === 0 ? (
          <p className="text-sm text-muted">No worker was heard of. Start one with the line below.</p>
        ) : (
          <WorkerTable slug={slug} workers={workers} trials={running} canAct={canAct} />
        )}
      </Section>
      {endedCount > 0 && (
        <Section title={`Ended: ${shownOf(ended.length, endedCount)}`} wide>
          <TrialTable slug={slug} trials={ended} canAct={canAct} />
        </Section>
      )}
      <Section
        title="Start a worker"
        about={
          <>
            On the machine that has the samples, with a token of this project's settings. It takes what its labels and
            memory are enough for. Ctrl-C hands back what it trains.
          </>
        }
        wide
      >
        <Snippet text={workerLines(origin())} label="Copy the lines that start a worker" />
      </Section>
      <Section
        title="A program of your own"
        about="Any program can be the worker of a study. This one is Python, and needs nothing installed."
        wide
      >
        <Snippet text={pythonWorker(origin())} label="Copy the Python program" />
      </Section>
    </>
  );
}

/** `3 trials`, or `100 of 2,340 trials` where the others aren't shown. */
const shownOf = (shown: number, count = shown): string =>
  shown < count ? `${numberWords(shown)} of ${countWords(count, "trial")}` : countWords(count, "trial");
