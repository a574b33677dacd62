/** Hashes passwords one after the other: off the thread of requests, and off those four that files wait for. */
import { scryptSync } from "node:crypto";
import { constants, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";

// requests go first; where threads have no priority of their own it would be everybody's
if (process.platform === "linux") setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);

parentPort.on("message", ({ id, password, salt, length, options }) => {
  parentPort.postMessage({ id, key: scryptSync(password, salt, length, options) });
});
