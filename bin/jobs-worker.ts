/** The thread that does jobs, so that checking a manifest holds up no request. */
import { parentPort } from "node:worker_threads";
import { closeConnections } from "../db/connection.ts";
import { jobPrograms } from "../lib/job-programs.ts";
import { runJobsUntil } from "../lib/jobs/jobs.ts";

const ending = new AbortController();
parentPort?.once("message", () => ending.abort());
await runJobsUntil(ending.signal, jobPrograms);
await closeConnections();
parentPort?.close();
