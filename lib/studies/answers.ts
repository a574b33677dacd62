/** What members say before a study is opened or concluded. */
import { desc, eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { studyAnswers } from "../../db/schema/study-answers.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { requireStill } from "../access/standing.ts";
import { parse } from "../problem.ts";
import { type GivenAnswer, type StudyAnswer, studyAnswersSchema } from "../wire/studies/answers.ts";
import { readRow, requireStudy } from "./studies.ts";

/** Answers are kept for ever; so many of the newest are read. */
const READ_MAX = 1_000;

/** Writes answers down. An earlier one of the same subject stays, and no longer counts. */
export async function answerStudy(actor: Actor, id: string, input: unknown): Promise<{ answers: GivenAnswer[] }> {
  await requireStudy(actor, id, "studies.write");
  const { answers } = parse(studyAnswersSchema, input);
  const { projectId } = await readRow(id);
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "studies.write", projectId);
    await storeAnswers(tx, actor, { id, projectId }, answers);
  });
  return { answers: await readAnswers(id) };
}

/** In the caller's transaction. */
export async function storeAnswers(
  tx: Executor,
  actor: Actor,
  study: { id: string; projectId: string },
  answers: readonly StudyAnswer[],
): Promise<void> {
  if (answers.length === 0) return;
  await tx
    .insert(studyAnswers)
    .values(answers.map((one) => ({ ...one, id: uuidv7(), studyId: study.id, by: actor.name })));
  await recordAct(tx, actor, {
    action: "study.answer",
    subject: `study:${study.id}`,
    projectId: study.projectId,
    detail: { answers },
  });
}

export async function listAnswers(actor: Actor, id: string): Promise<{ answers: GivenAnswer[] }> {
  await requireStudy(actor, id);
  return { answers: await readAnswers(id) };
}

/** The newest answer of each subject, the newest first. */
export async function readAnswers(studyId: string, db: Executor = connections().db): Promise<GivenAnswer[]> {
  const rows = await db
    .select()
    .from(studyAnswers)
    .where(eq(studyAnswers.studyId, studyId))
    .orderBy(desc(studyAnswers.id))
    .limit(READ_MAX);
  const seen = new Set<string>();
  return rows.flatMap(({ kind, about, answer, by, at }) => {
    const subject = `${kind} ${about}`;
    if (seen.has(subject)) return [];
    seen.add(subject);
    return [{ kind, about, answer, by, at: at.toISOString() }];
  });
}
