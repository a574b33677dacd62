import { getTableColumns, getTableName, getViewName, getViewSelectedFields, is, View } from "drizzle-orm";
import { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { expect, test } from "vitest";
import { tables } from "../../db/schema/tables.ts";
import { directions, projectRoles, roles, runStatuses, splits, tokenScopes } from "./base/words.ts";
import { claimSchema, claimStandings, ruleInputSchema } from "./champions.ts";
import { manifestReportSchema } from "./data/checks.ts";
import { manifestVerdicts } from "./data/manifests.ts";
import {
  evaluatedSplits,
  evaluationSchema,
  evaluationTasks,
  lookPurposes,
  predictionForms,
} from "./evaluations/evaluations.ts";
import { testModes } from "./evaluations/looks.ts";
import { recordKinds } from "./exports.ts";
import { projectUpdateSchema } from "./projects.ts";
import { subjectKinds } from "./reviews/anchors.ts";
import { alertEventKinds, alertSides, notificationKinds } from "./reviews/inbox.ts";
import { reviewKinds } from "./reviews/reviews.ts";
import { answerKinds } from "./studies/answers.ts";
import { answerWords } from "./studies/candidates.ts";
import { rulingWords } from "./studies/loops.ts";
import { studyModes, studyStages } from "./studies/parameters.ts";
import { objectiveSchema, studyDecisions, studyStatuses } from "./studies/studies.ts";
import { trialOrigins, trialSchema, trialStatuses } from "./studies/trials.ts";

/** The words of each column that holds one of a few, as the contract has them; null: it isn't in the contract. */
const words: Record<string, readonly string[] | null> = {
  "users.role": roles,
  "project_members.role": projectRoles.filter((role) => role !== "admin"),
  "links.role": roles,
  "links.purpose": null,
  // of these two kinds is no token of a project that somebody asks for
  "tokens.scope": [...tokenScopes, "run", "workspace"],
  "projects.primary_split": projectUpdateSchema.shape.primarySplit.unwrap().options,
  "projects.primary_direction": projectUpdateSchema.shape.primaryDirection.unwrap().options,
  "metrics.direction": directions,
  "runs.status": runStatuses,
  "saved_views.page": null,
  // what has no split is null in the contract
  "series.split": [...splits, "none"],
  "series_keys.split": [...splits, "none"],
  // of another protocol
  "logged_models.status": null,
  "model_versions.stage": null,
  "run_models.role": null,
  "dataset_samples.given_split": splits,
  "manifest_samples.split": splits,
  "manifest_reports.verdict": manifestVerdicts,
  "manifest_verdicts.verdict": manifestVerdicts,
  "jobs.status": manifestReportSchema.shape.progress.shape.status.options,
  "looks.kind": null,
  "imported_records.kind": recordKinds,
  "looks.purpose": lookPurposes,
  "evaluations.split": evaluatedSplits,
  "evaluations.task": evaluationTasks,
  "evaluations.form": predictionForms,
  "evaluations.scores_are": evaluationSchema.shape.scoresAre.unwrap().options,
  "evaluations.purpose": lookPurposes,
  "projects.test_mode": testModes,
  "evaluation_releases.mode": null,
  "champion_rules.split": ruleInputSchema.shape.split.options,
  "champion_rules.direction": ruleInputSchema.shape.direction.options,
  "claims.standing": claimStandings,
  "claims.written": claimSchema.shape.written.options,
  "tombstones.kind": null,
  "webhook_deliveries.status": null,
  "studies.stage": studyStages,
  "studies.mode": studyModes,
  "studies.split": objectiveSchema.shape.split.options,
  "studies.direction": objectiveSchema.shape.direction.options,
  "studies.status": studyStatuses,
  "studies.decision": studyDecisions,
  "rulings.ruling": rulingWords,
  "loop_answers.ruling": answerWords.filter((word) => word !== "pending"),
  "study_answers.kind": answerKinds,
  "trials.origin": trialOrigins,
  "trials.status": trialStatuses,
  "trials.signal": trialSchema.shape.signal.options,
  "reviews.subject_kind": reviewKinds,
  "threads.subject_kind": subjectKinds,
  "notifications.kind": notificationKinds,
  "alert_rules.event": alertEventKinds,
  "alert_rules.side": alertSides,
  // what has no split is null in the contract
  "alert_rules.split": ["train", "validation", "none"],
  "webhooks.format": null,
};

/** Every column that holds one of a few words. */
function wordColumns(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const table of Object.values(tables)) {
    const isTable = is(table, PgTable);
    if (!isTable && !is(table, View)) continue;
    const name = isTable ? getTableName(table) : getViewName(table);
    for (const column of Object.values(isTable ? getTableColumns(table) : getViewSelectedFields(table)))
      if (is(column, PgColumn) && column.enumValues?.length) found.set(`${name}.${column.name}`, column.enumValues);
  }
  return found;
}

test("a column that holds one of a few words has those of the contract", () => {
  const columns = wordColumns();
  expect([...columns.keys()].sort()).toEqual(Object.keys(words).sort());
  for (const [name, values] of columns) if (words[name]) expect([name, values]).toEqual([name, [...words[name]]]);
});
