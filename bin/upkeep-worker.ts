/**
 * The thread of what one server does for all: keeps summaries and chunks up, looks whether a rule on runs has something to
 * tell, and does what is due by the clock. It holds up no request.
 */
import { parentPort } from "node:worker_threads";
import { closeConnections } from "../db/connection.ts";
import { leadUntil } from "../db/lead.ts";
import { watchRulesUntil } from "../lib/alerts/watch.ts";
import { takeConsole } from "../lib/log.ts";
import { keepUpUntil } from "../lib/metrics/upkeep.ts";
import { runClockUntil, sweepUntil } from "./serve/clocks.ts";

takeConsole();
const ending = new AbortController();
parentPort?.once("message", () => ending.abort());
parentPort?.postMessage("ready");
await leadUntil(ending.signal, {
  points: keepUpUntil,
  rules: watchRulesUntil,
  clock: runClockUntil,
  sweeps: sweepUntil,
});
await closeConnections();
parentPort?.close();
