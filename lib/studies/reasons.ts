/** A plan that the playbook blocks is opened with a written reason alone. */
import { and, eq, inArray } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { studyAnswers } from "../../db/schema/study-answers.ts";
import { ProblemError } from "../problem.ts";
import { gravityOf } from "../wire/studies/warnings.ts";
import { warningDetail, warningRule, warningTitle } from "../words/studies/warning-words.ts";
import { planWarnings, type WarnedPlan } from "./warnings.ts";

/** Throws `conflict` that names each blocking warning nobody gave a reason for. */
export async function requireReasons(tx: Executor, studyId: string, plan: WarnedPlan): Promise<void> {
  const blocks = planWarnings(plan, { parentBase: null }).filter((warning) => gravityOf(warning) === "block");
  if (blocks.length === 0) return;
  const kinds = blocks.map(({ kind }) => kind);
  const answered = await tx
    .select({ about: studyAnswers.about })
    .from(studyAnswers)
    .where(
      and(eq(studyAnswers.studyId, studyId), eq(studyAnswers.kind, "warning"), inArray(studyAnswers.about, kinds)),
    );
  const open = blocks.filter(({ kind }) => answered.every(({ about }) => about !== kind));
  if (open.length === 0) return;
  const errors = open.map((warning) => ({
    field: `reasons.${warning.kind}`,
    detail: `${warningTitle(warning)} (${warningRule(warning)}): ${warningDetail(warning)} Or write why it is meant so.`,
  }));
  throw new ProblemError("conflict", errors.map(({ detail }) => detail).join(" "), errors);
}
