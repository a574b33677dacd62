/** Asks for one run over and over, in a thread of its own, and keeps when each question began and how long it took. */
import { Agent, get } from "node:http";
import { parentPort, workerData } from "node:worker_threads";

const { url, token } = workerData;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const headers = { authorization: `Bearer ${token}` };
const asked = [];
let over = false;
parentPort.once("message", () => {
  over = true;
});

const ask = () =>
  new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => response.resume().on("end", resolve).on("error", reject)).on(
      "error",
      reject,
    );
  });

while (!over) {
  const [at, begun] = [Date.now(), performance.now()];
  await ask();
  asked.push({ at, ms: performance.now() - begun });
  await new Promise((resolve) => setTimeout(resolve, 2));
}
agent.destroy();
parentPort.postMessage(asked);
