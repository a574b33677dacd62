/** Every kind of job, and what does it. */
import { checkManifest } from "../manifests/check-job.ts";
import { CHECK_JOB } from "../manifests/manifests.ts";
import type { JobProgram } from "./jobs.ts";

export const jobPrograms: Record<string, JobProgram> = { [CHECK_JOB]: checkManifest };
