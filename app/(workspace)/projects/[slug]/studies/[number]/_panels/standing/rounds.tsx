import Link from "next/link";
import { StudyStatusBadge } from "@/app/_ui/domain/studies/study-status.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { studyHref } from "@/app/paths.ts";
import { type Round, readRounds } from "@/lib/studies/standing/rounds.ts";
import { deltaWords, spanWords, unsupportedWords } from "@/lib/words/studies/standing-words.ts";
import { decisionWords, modeWords, stageWords } from "@/lib/words/studies/study-words.ts";
import type { PanelProps, StudyPanel } from "../frame/panel.ts";

/** The project's rounds in their order: what each asked, learnt and adopted. */
async function Rounds({ member, project, study }: PanelProps) {
  const rounds = await readRounds(member, project, study);
  return (
    <ol className="grid">
      {rounds.map((round) => (
        <li
          key={round.study.id}
          aria-current={round.isShown ? "true" : undefined}
          className={`grid gap-1.5 border-l-2 pb-5 pl-4 text-sm last:pb-0 ${round.isShown ? "border-accent" : "border-line"}`}
        >
          <RoundLine round={round} slug={project.slug} />
        </li>
      ))}
    </ol>
  );
}

function RoundLine({ round: { study, parent, launch }, slug }: { round: Round; slug: string }) {
  const named = (role: string) => study.space.filter((one) => one.role === role).map(({ path }) => path);
  const [scientific, nuisance] = [named("scientific"), named("nuisance")];
  return (
    <>
      <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <Link
          href={studyHref(slug, study.number)}
          prefetch={false}
          className="font-medium wrap-anywhere hover:text-accent"
        >
          {study.number}. {study.title}
        </Link>
        <StudyStatusBadge status={study.status} />
        <span className="text-muted">
          {stageWords(study.stage)}, {modeWords(study.mode)}
          {parent && `; after study ${parent.number}`}
        </span>
      </div>
      {study.question && <p className="max-w-160 wrap-anywhere">{study.question}</p>}
      <p className="text-muted">
        {scientific.length > 0 ? `asks about ${scientific.join(", ")}` : "asks about no parameter"}
        {nuisance.length > 0 && `; tunes ${nuisance.join(", ")} with it`}
      </p>
      {study.hypothesis && (
        <p className="max-w-160 wrap-anywhere">
          <span className="text-muted">
            {study.isHypothesis ? "Hypothesis, before the first trial" : "Note, after the first trial"}
            {study.hypothesisAt && (
              <>
                , <Time at={study.hypothesisAt} />
              </>
            )}
            :
          </span>{" "}
          {study.hypothesis}
        </p>
      )}
      {study.conclusion && <p className="max-w-160 whitespace-pre-wrap wrap-anywhere">{study.conclusion}</p>}
      {study.decision && (
        <p className="flex flex-wrap items-baseline gap-2">
          <Badge tone={study.decision === "reject" ? "plain" : "accent"}>{decisionWords(study.decision)}</Badge>
          {launch && <Launch number={launch.number} evidence={launch.evidence} />}
        </p>
      )}
    </>
  );
}

function Launch({ number, evidence }: NonNullable<Round["launch"]>) {
  const trial = number === null ? "" : number === "incumbent" ? "the loop’s incumbent, " : `trial ${number}, `;
  if (evidence.kind === "unsupported")
    return (
      <>
        <Badge tone="warning">unsupported</Badge>
        <span className="text-muted">
          {trial}
          {unsupportedWords(evidence.why)}
        </span>
      </>
    );
  const { delta, low, high, seeds, from } = evidence;
  return (
    <span className="tabular-nums">
      {trial}
      {deltaWords(delta)} ({spanWords([low, high])}) against what study {from} adopted, {seeds[0]} and {seeds[1]} seeds
    </span>
  );
}

export const roundsPanel: StudyPanel = { name: "rounds", content: Rounds };
