/** The job that computes an evaluation's report. May be repeated: a report that is there is left as it is. */
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { connections } from "../../db/connection.ts";
import type { JobProgram } from "../jobs/jobs.ts";
import { noticeRun } from "../live/notices.ts";
import { DEFINITIONS_VERSION } from "../wire/evaluations/evaluations.ts";
import type { Panels } from "../wire/evaluations/panels.ts";
import type { EvaluationRecord } from "./evaluations.ts";
import { TOP_K } from "./measures/probability-terms.ts";
import type { PanelInputs } from "./panels/panel.ts";
import { makePanels } from "./panels/panels.ts";
import { readEvaluated, requireComplete } from "./read-evaluated.ts";
import { type FindIncumbent, storeRelease } from "./releases.ts";

/** The share of the work that reading is. */
const READING = 0.3;

/** `findIncumbent`: how the champion is found, which stands above this room. */
export const reportProgram =
  (findIncumbent: FindIncumbent): JobProgram =>
  async ({ subject }, report) => {
    const [runId, id] = subject.split("/") as [string, string];
    const { evaluation, file } = await requireComplete(runId, id);
    await report(0, "reading");
    const evaluated = await readEvaluated(evaluation, file, (share) => report(READING * share, "reading"));
    await report(READING, "computing");
    const panels = makePanels(evaluated, {
      seed: Number.parseInt(file.slice(0, 8), 16),
      split: evaluation.split,
      validation: evaluation.split === "test" ? await readChoices(evaluation) : null,
      topK: TOP_K,
    });
    const digest = digestOf({ version: DEFINITIONS_VERSION, predictions: file, panels });
    await storeRelease(evaluation, evaluated, findIncumbent);
    const { sql } = connections();
    await sql`
    insert into evaluation_reports (run_id, evaluation_id, version, panels, digest)
    values (${runId}, ${id}, ${DEFINITIONS_VERSION}, ${sql.json(panels as never)}, ${digest}) on conflict do nothing`;
    noticeRun(runId);
  };

/**
 * What was chosen on validation for the same checkpoint, by its newest report and by classes in the same order: on test
 * nothing is chosen. Null: it wasn't evaluated there.
 */
async function readChoices(evaluation: EvaluationRecord): Promise<PanelInputs["validation"]> {
  const { sql } = connections();
  const [row] = await sql<{ panels: Panels }[]>`
    select r.panels from evaluations e
    join evaluation_reports r on r.run_id = e.run_id and r.evaluation_id = e.id
    where e.run_id = ${evaluation.runId} and e.checkpoint_id = ${evaluation.checkpointId} and e.split = 'validation'
      and e.manifest_id = ${evaluation.manifestId} and e.form = ${evaluation.form}
      and e.classes is not distinct from ${sql.json(evaluation.classes)}::jsonb
      and e.scores_are is not distinct from ${evaluation.scoresAre}
    order by e.id desc, r.version desc limit 1`;
  if (!row) return null;
  const { operatingPoint, calibration } = row.panels.panels;
  const temperature = calibration?.temperature?.value;
  return {
    threshold: operatingPoint?.chosen?.threshold ?? null,
    temperature: typeof temperature === "number" ? temperature : null,
  };
}

/** SHA-256 of the report's canonical JSON (RFC 8785): the same on every machine. */
export const digestOf = (report: { version: number; predictions: string; panels: unknown }): string =>
  createHash("sha256").update(canonicalize(report)!).digest("hex");
