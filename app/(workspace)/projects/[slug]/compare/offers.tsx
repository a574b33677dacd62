/** What stands in place of a comparison of fewer than two runs: what could be compared. */
import { Scale } from "lucide-react";
import Link from "next/link";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { compareHref, projectHref } from "@/app/paths.ts";
import type { MemberActor } from "@/lib/access/actor.ts";
import { findReplicates } from "@/lib/compare/choose.ts";
import { readRunStanding } from "@/lib/table/run-standing.ts";
import type { ComparedRun } from "@/lib/wire/comparison.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { FirstRuns } from "./add-run.tsx";

const sideBySide = (slug: string, ids: string[]) =>
  compareHref(slug, new URLSearchParams(ids.map((id) => ["run", id])));

type NoRunProps = { project: Project; problem: string | null };

export function NoRun({ project, problem }: NoRunProps) {
  return (
    <Empty icon={Scale} title="Nothing to compare yet">
      <p className="max-w-120 wrap-anywhere">
        {problem ?? "Select runs in the project’s table with x and press c there, or find them here."}
      </p>
      <div className="w-90 max-w-full">
        <FirstRuns project={project.id} ids={[]} />
      </div>
      <p className="flex flex-wrap justify-center gap-2">
        <Link prefetch={false} href={projectHref(project.slug)} className={buttonClass()}>
          To the table
        </Link>
        {project.runCount > 1 && (
          <Link prefetch={false} href={compareHref(project.slug, "q=")} className={buttonClass()}>
            {project.runCount > 100 ? "The newest 100 runs" : `All ${countWords(project.runCount, "run")}`}
          </Link>
        )}
      </p>
    </Empty>
  );
}

type OneRunProps = {
  member: MemberActor;
  project: Project;
  run: Pick<ComparedRun, "id" | "name" | "recipe" | "parent">;
};

export async function OneRun({ member, project: { id, slug }, run }: OneRunProps) {
  const [standing, replicates] = await Promise.all([readRunStanding(member, run.id), findReplicates(member, id, run)]);
  const best = standing.bestOnManifest ?? standing.best;
  return (
    <Empty icon={Scale} title="A comparison takes two">
      <p className="max-w-120 wrap-anywhere">
        Only <b className="font-medium">{run.name}</b> is here. Put another run beside it:
      </p>
      <ul className="flex flex-wrap justify-center gap-2" aria-label="What it can be compared with">
        {best && (
          <Offer href={sideBySide(slug, [best.id, run.id])}>
            The best {standing.bestOnManifest ? "of its manifest" : "run"}, {best.name}
          </Offer>
        )}
        {replicates.length > 0 && (
          <Offer href={sideBySide(slug, [run.id, ...replicates])}>
            Its {countWords(replicates.length, "other seed")}
          </Offer>
        )}
        {run.parent && <Offer href={sideBySide(slug, [run.parent, run.id])}>The run that it began as</Offer>}
      </ul>
      <div className="w-90 max-w-full">
        <FirstRuns project={id} ids={[run.id]} />
      </div>
    </Empty>
  );
}

const Offer = ({ href, children }: { href: string; children: React.ReactNode }) => (
  <li className="max-w-full">
    <Link prefetch={false} href={href} className={`${buttonClass()} max-w-full`}>
      <span className="truncate">{children}</span>
    </Link>
  </li>
);
