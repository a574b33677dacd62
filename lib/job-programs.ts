/** Every kind of job, what does it, and which wait for one another. */
import { findIncumbent } from "./champions/incumbent.ts";
import { checkManifest } from "./checks/check-job.ts";
import { REPORT_JOB } from "./evaluations/evaluations.ts";
import { PAIR_JOB, pairProgram } from "./evaluations/live/pairing.ts";
import { reportProgram } from "./evaluations/report-job.ts";
import type { JobProgram, Lane } from "./jobs/jobs.ts";
import { CHECK_JOB } from "./manifests/store.ts";
import { deliverWebhook } from "./webhooks/deliver.ts";
import { DELIVERY_JOB } from "./webhooks/webhooks.ts";

export const jobPrograms: Record<string, JobProgram> = {
  [CHECK_JOB]: checkManifest,
  [REPORT_JOB]: reportProgram(findIncumbent),
  [PAIR_JOB]: pairProgram,
  [DELIVERY_JOB]: deliverWebhook,
};

export type LaneName = "checks" | "others";
/** A worker each. The checks of a manifest may take minutes: no report, pair or webhook waits for them. */
export const jobLanes: Record<LaneName, Lane> = { checks: { only: [CHECK_JOB] }, others: { but: [CHECK_JOB] } };
