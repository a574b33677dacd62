/** The thread that keeps summaries and chunks up, so that packing points holds up no request. */
import { parentPort } from "node:worker_threads";
import { closeConnections } from "../db/connection.ts";
import { keepUpUntil } from "../lib/metrics/upkeep.ts";

const ending = new AbortController();
parentPort?.once("message", () => ending.abort());
await keepUpUntil(ending.signal);
await closeConnections();
parentPort?.close();
