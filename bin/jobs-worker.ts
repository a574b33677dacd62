/** A thread that does the jobs of a lane, so that checking a manifest holds up no request. */
import { parentPort, workerData } from "node:worker_threads";
import { closeConnections } from "../db/connection.ts";
import { jobLanes, jobPrograms, type LaneName } from "../lib/job-programs.ts";
import { runJobsUntil } from "../lib/jobs/jobs.ts";
import { takeConsole } from "../lib/log.ts";
import { startTraces } from "./serve/traces.ts";

takeConsole();
const endTraces = await startTraces();
const ending = new AbortController();
parentPort?.once("message", () => ending.abort());
parentPort?.postMessage("ready");
await runJobsUntil(ending.signal, jobPrograms, jobLanes[workerData as LaneName]);
await closeConnections();
await endTraces();
parentPort?.close();
