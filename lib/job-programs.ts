/** Every kind of job, and what does it. */
import { findIncumbent } from "./champions/incumbent.ts";
import { checkManifest } from "./checks/check-job.ts";
import { REPORT_JOB } from "./evaluations/evaluations.ts";
import { PAIR_JOB, pairProgram } from "./evaluations/live/pairing.ts";
import { reportProgram } from "./evaluations/report-job.ts";
import type { JobProgram } from "./jobs/jobs.ts";
import { CHECK_JOB } from "./manifests/store.ts";
import { deliverWebhook } from "./webhooks/deliver.ts";
import { DELIVERY_JOB } from "./webhooks/webhooks.ts";

export const jobPrograms: Record<string, JobProgram> = {
  [CHECK_JOB]: checkManifest,
  [REPORT_JOB]: reportProgram(findIncumbent),
  [PAIR_JOB]: pairProgram,
  [DELIVERY_JOB]: deliverWebhook,
};
