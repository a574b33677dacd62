/** The job that computes an evaluation's report. May be repeated: a report that is there is left as it is. */
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { connections } from "../../db/connection.ts";
import type { JobProgram } from "../jobs/jobs.ts";
import { noticeRun } from "../live/notices.ts";
import { DEFINITIONS_VERSION } from "../wire/evaluations/evaluations.ts";
import { makePanels } from "./panels.ts";
import { readEvaluated, requireComplete } from "./read-evaluated.ts";

export const computeReport: JobProgram = async ({ subject }, report) => {
  const [runId, id] = subject.split("/") as [string, string];
  const { evaluation, file } = await requireComplete(runId, id);
  await report(0, "reading");
  const evaluated = await readEvaluated(evaluation, file);
  await report(0.3, "computing");
  const panels = makePanels(evaluated, {
    seed: Number.parseInt(file.slice(0, 8), 16),
    split: evaluation.split,
    validation: null,
    topK: 5,
  });
  const digest = digestOf({ version: DEFINITIONS_VERSION, predictions: file, panels });
  const { sql } = connections();
  await sql`
    insert into evaluation_reports (run_id, evaluation_id, version, panels, digest)
    values (${runId}, ${id}, ${DEFINITIONS_VERSION}, ${sql.json(panels as never)}, ${digest}) on conflict do nothing`;
  noticeRun(runId);
};

/** SHA-256 of the report's canonical JSON (RFC 8785): the same on every machine. */
export const digestOf = (report: { version: number; predictions: string; panels: unknown }): string =>
  createHash("sha256").update(canonicalize(report)!).digest("hex");
