/** Every kind of job, and what does it. */
import { checkManifest } from "./checks/check-job.ts";
import type { JobProgram } from "./jobs/jobs.ts";
import { CHECK_JOB } from "./manifests/store.ts";

export const jobPrograms: Record<string, JobProgram> = { [CHECK_JOB]: checkManifest };
