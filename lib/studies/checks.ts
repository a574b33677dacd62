/** A study is concluded once its questions are answered and the curves of its best were looked at (P32, P33). */
import type { Actor } from "../access/actor.ts";
import { ProblemError, parse } from "../problem.ts";
import { type CheckName, checkNames, type StudyAnswer } from "../wire/studies/answers.ts";
import { type Study, studyConclusionSchema } from "../wire/studies/studies.ts";
import { checkWords } from "../words/studies/standing-words.ts";
import { readAnswers } from "./answers.ts";
import { concludeStudy } from "./conclusion.ts";
import { type Configuration, configurationsOf, readResults } from "./results.ts";
import { requireStudy } from "./studies.ts";

/** So many of the best have their curves looked at. */
export const CURVES_OF_BEST = 3;

/** Configurations with a result, the best first. */
export async function readBest(study: Study): Promise<Configuration[]> {
  const sign = study.objective.direction === "min" ? 1 : -1;
  return configurationsOf(await readResults(study.id, study.objective))
    .filter(({ value }) => value !== null)
    .sort((a, b) => sign * (a.value! - b.value!) || a.number - b.number);
}

/**
 * Concludes a study. Throws `conflict` that names each question without an answer, and each of the best whose curves nobody
 * opened.
 */
export async function concludeChecked(actor: Actor, id: string, input: unknown): Promise<Study> {
  const study = await requireStudy(actor, id, "studies.conclude");
  const { checks, withoutCurves } = parse(studyConclusionSchema, input);
  const before = await readAnswers(id);
  const isAnswered = (kind: string, about: string) => before.some((one) => one.kind === kind && one.about === about);
  const open = checkNames.filter((name) => isBlank(checks[name]) && !isAnswered("check", name));
  const best = (await readBest(study)).slice(0, CURVES_OF_BEST);
  const unseen = best.filter(({ number }) => !isAnswered("curves", String(number)));
  const isExcused = !isBlank(withoutCurves);
  const errors = [
    ...open.map((name) => ({ field: `checks.${name}`, detail: `is unanswered: ${checkWords(name).question}` })),
    ...(unseen.length > 0 && !isExcused
      ? [{ field: "withoutCurves", detail: `open the curves of ${trialsOf(unseen)}, or say why not` }]
      : []),
  ];
  if (errors.length > 0)
    throw new ProblemError("conflict", errors.map(({ field, detail }) => `${field}: ${detail}`).join("; "), errors);
  const answers: StudyAnswer[] = [
    ...checkNames.flatMap((about) => (isBlank(checks[about]) ? [] : [answerOf(about, checks[about]!)])),
    ...(isExcused
      ? unseen.map(({ number }) => ({
          kind: "curves" as const,
          about: String(number),
          answer: `not opened: ${withoutCurves}`,
        }))
      : []),
  ];
  return concludeStudy(actor, id, input, answers);
}

const isBlank = (text: string | undefined): boolean => (text ?? "").trim() === "";
const answerOf = (about: CheckName, answer: string): StudyAnswer => ({ kind: "check", about, answer });
const trialsOf = (best: readonly Configuration[]): string =>
  `trial${best.length === 1 ? "" : "s"} ${best.map(({ number }) => number).join(", ")}`;
