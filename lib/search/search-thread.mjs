/** Answers what a search tries next, one question after the other, off the thread of requests. */
import { constants, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { register } from "tsx/esm/api";

// requests go first; where threads have no priority of their own it would be everybody's
if (process.platform === "linux") setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
register();
const { answerOf } = await import("./in-thread.ts");

parentPort.on("message", (question) => parentPort.postMessage(answerOf(question)));
