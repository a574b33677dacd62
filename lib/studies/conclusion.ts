/** What came of a study: written by a member, changed until a review approves it, then locked. */
import { and, eq, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { studies, trials } from "../../db/schema/studies.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { requireStill } from "../access/standing.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { cancelWaiting } from "../queue/end-trial.ts";
import type { StudyAnswer } from "../wire/studies/answers.ts";
import { type Study, studyConclusionSchema } from "../wire/studies/studies.ts";
import { requireIncumbent } from "./adopted.ts";
import { storeAnswers } from "./answers.ts";
import { requireStudy } from "./studies.ts";

/**
 * Concludes a study, or words its conclusion anew while nobody has approved it. Waiting trials are cancelled. Doors call
 * `concludeChecked`, which asks the questions first: `answers` are written down with the conclusion.
 */
export async function concludeStudy(
  actor: Actor,
  id: string,
  input: unknown,
  answers: readonly StudyAnswer[] = [],
): Promise<Study> {
  await requireStudy(actor, id, "studies.conclude");
  const given = parse(studyConclusionSchema, input);
  await connections().db.transaction(async (tx) => {
    const [study] = await tx.select().from(studies).where(eq(studies.id, id)).for("update");
    await requireStill(tx, actor, "studies.conclude", study!.projectId);
    if (!study) throw new ProblemError("not-found", "the study was deleted");
    if (study.approvedAt)
      throw new ProblemError("conflict", "the conclusion is approved, and locked; make a study that follows this one");
    if (given.chosenTrial !== null) await requireChoosable(tx, id, given.chosenTrial);
    if (given.chosenRun !== null) await requireIncumbent(tx, id, given.chosenRun);
    await storeAnswers(tx, actor, { id, projectId: study.projectId }, answers);
    await cancelWaiting(tx, actor, id, "conclusion");
    await tx
      .update(studies)
      .set({
        status: "concluded",
        conclusion: given.conclusion,
        decision: given.decision,
        chosenTrialId: given.chosenTrial,
        chosenRunId: given.chosenRun,
        concludedBy: actor.name,
        concludedAt: sql`now()`,
      })
      .where(eq(studies.id, id));
    await recordAct(tx, actor, {
      action: "study.conclude",
      subject: `study:${id}`,
      projectId: study.projectId,
      detail: {
        from: choiceOf({ ...study, chosenTrial: study.chosenTrialId, chosenRun: study.chosenRunId }),
        to: choiceOf(given),
      },
    });
  });
  return requireStudy(actor, id);
}

type Choice = {
  decision: string | null;
  chosenTrial: string | null;
  chosenRun: string | null;
  conclusion: string;
};
const choiceOf = ({ decision, chosenTrial, chosenRun, conclusion }: Choice) => ({
  decision,
  chosenTrial,
  ...(chosenRun !== null && { chosenRun }),
  conclusion,
});

async function requireChoosable(tx: Executor, studyId: string, trialId: string): Promise<void> {
  const [trial] = await tx.select().from(trials).where(eq(trials.id, trialId));
  if (trial?.studyId !== studyId) throw invalid("chosenTrial", `${trialId} is no trial of this study`);
  if (trial.status !== "finished" && trial.status !== "stopped")
    throw new ProblemError("conflict", `chosenTrial: the trial is ${trial.status}; one that has ended is adopted`);
}

/** Locks the conclusion: a review approved it. In the caller's transaction. */
export async function lockConclusion(tx: Executor, studyId: string): Promise<void> {
  const locked = await tx
    .update(studies)
    .set({ approvedAt: sql`now()` })
    .where(and(eq(studies.id, studyId), eq(studies.status, "concluded")))
    .returning({ id: studies.id });
  if (locked.length === 0) throw new ProblemError("conflict", "the study has no conclusion yet to be approved");
}
