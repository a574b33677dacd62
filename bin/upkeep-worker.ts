/** The thread that keeps summaries and chunks up, and looks whether a rule on runs has something to tell: it holds up no request. */
import { parentPort } from "node:worker_threads";
import { closeConnections } from "../db/connection.ts";
import { watchRulesUntil } from "../lib/alerts/watch.ts";
import { takeConsole } from "../lib/log.ts";
import { keepUpUntil } from "../lib/metrics/upkeep.ts";

takeConsole();
const ending = new AbortController();
parentPort?.once("message", () => ending.abort());
parentPort?.postMessage("ready");
await Promise.all([keepUpUntil(ending.signal), watchRulesUntil(ending.signal)]);
await closeConnections();
parentPort?.close();
