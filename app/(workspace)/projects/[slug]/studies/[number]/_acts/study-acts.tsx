import { Pencil } from "lucide-react";
import Link from "next/link";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { editStudyHref, newStudyHref } from "@/app/paths.ts";
import type { Actor } from "@/lib/access/actor.ts";
import { can } from "@/lib/access/permissions.ts";
import { findIncumbent } from "@/lib/studies/adopted.ts";
import { readAnswers } from "@/lib/studies/answers.ts";
import { CURVES_OF_BEST } from "@/lib/studies/checks.ts";
import type { StudyReview } from "@/lib/studies/review/read-review.ts";
import { planOf } from "@/lib/studies/studies.ts";
import { planWarnings } from "@/lib/studies/warnings.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { type CheckName, checkNames } from "@/lib/wire/studies/answers.ts";
import type { StudyFlagKind } from "@/lib/wire/studies/flags.ts";
import type { Study } from "@/lib/wire/studies/studies.ts";
import { valueWords } from "@/lib/words/numbers.ts";
import { flagWords } from "@/lib/words/studies/panels/panel-words.ts";
import { Conclude } from "./conclude.tsx";
import { MoreSeeds } from "./more-seeds.tsx";
import { OpenStudy, PauseStudy } from "./open-study.tsx";

type StudyActsProps = { study: Study; review: StudyReview; project: Project; member: Actor };

/** So many of the best can be chosen on the page; another by the API. */
const OFFERED_MAX = 100;

/** What can be done with a study as it stands. */
export async function StudyActs({ study, review, project, member }: StudyActsProps) {
  const { status } = study;
  const canWrite = can(member, "studies.write", project.id);
  const [answers, incumbent] = await Promise.all([
    readAnswers(study.id),
    study.mode === "loop" ? findIncumbent(study.id) : null,
  ]);
  const ended = review.facts.ranked.map(({ number, value, trials }) => ({
    number,
    words: `trial ${number}: ${valueWords(value)}`,
    trial: (trials.find(({ status: of }) => of === "finished" || of === "stopped") ?? trials[0]!).id,
    run: trials.find(({ run }) => run !== null && !run.isDeleted)?.runId ?? null,
  }));
  const reasons = answers.filter(({ kind }) => kind === "warning").map(({ about, answer }) => [about, answer] as const);
  return (
    <>
      {canWrite && status !== "concluded" && (
        <Link href={editStudyHref(project.slug, study.number)} prefetch={false} className={buttonClass("ghost")}>
          <Pencil aria-hidden />
          Plan
        </Link>
      )}
      {canWrite && ended.length > 0 && status !== "concluded" && can(member, "trials.queue", project.id) && (
        <MoreSeeds study={study.id} best={ended.slice(0, 3).map(({ number, words }) => ({ number, words }))} />
      )}
      {canWrite && status === "open" && <PauseStudy study={study.id} />}
      {canWrite && (status === "draft" || status === "paused") && (
        <OpenStudy
          study={study.id}
          isPaused={status === "paused"}
          warnings={planWarnings(planOf(study), { parentBase: null })}
          reasons={Object.fromEntries(reasons)}
        />
      )}
      {can(member, "studies.conclude", project.id) &&
        (status !== "draft" || incumbent) &&
        study.approvedAt === null && (
          <Conclude
            slug={project.slug}
            study={{
              id: study.id,
              conclusion: study.conclusion,
              decision: study.decision,
              chosenTrial: study.chosenTrial,
              chosenRun: study.chosenRun,
            }}
            incumbent={incumbent}
            trials={ended.filter(({ trial }, at) => at < OFFERED_MAX || trial === study.chosenTrial)}
            left={Math.max(0, ended.length - OFFERED_MAX)}
            curves={ended.slice(0, CURVES_OF_BEST).map(({ number, run }) => ({
              number,
              run,
              isOpened: answers.some(({ kind, about }) => kind === "curves" && about === String(number)),
            }))}
            checks={checkNames.map((name) => ({
              name,
              seen: seenFor(name, review.flags),
              answered: answers.find(({ kind, about }) => kind === "check" && about === name)?.answer ?? null,
            }))}
          />
        )}
      {canWrite && status === "concluded" && (
        <Link
          href={newStudyHref(project.slug, new URLSearchParams({ parent: String(study.number) }))}
          prefetch={false}
          className={buttonClass("primary")}
        >
          Study that follows
        </Link>
      )}
    </>
  );
}

/** What of a page's flags bears on a question. */
const bearing: Record<CheckName, StudyFlagKind[]> = {
  stability: ["rate-at-edge", "rate-unstable", "diverged"],
  early: ["early-unstable", "warmup-long"],
  gradients: ["clipped"],
  overfitting: ["overfits", "overfit-share", "noisy", "train-rose"],
  length: ["improving", "flat", "runs-too-short", "runs-too-long"],
};

const seenFor = (name: CheckName, flags: StudyReview["flags"]): string[] =>
  flags.filter(({ flag }) => bearing[name].includes(flag.kind)).map(({ flag }) => flagWords(flag).seen);
