/** A worker that trains nothing: it claims trials, holds each for a moment under its lease, and tells. Says what was taken as told. */
import { setTimeout as pause } from "node:timers/promises";

const [url, token] = process.argv.slice(2);

/** The answer, once there is one; null where it is a no. */
async function post(route, body) {
  for (;;) {
    try {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const answer = await fetch(`${url}/api/v1/${route}`, { method: "POST", headers, body: JSON.stringify(body) });
      if (answer.ok) return await answer.json();
      await answer.body?.cancel();
      if (answer.status < 500) return null;
    } catch {
      // the server isn't there
    }
    await pause(100);
  }
}

const { id } = await post("workers", { name: `light ${process.pid}` });
for (;;) {
  const { trial } = await post("trials/claim", { worker: id });
  if (!trial) {
    await pause(200);
    continue;
  }
  const { lease } = trial;
  let holds = true;
  for (let renewals = 0; renewals < 3 && holds; renewals++) {
    await pause(Math.random() * 200);
    holds = (await post(`trials/${trial.trial}/renew`, { lease })) !== null;
  }
  if (holds && (await post(`trials/${trial.trial}/tell`, { lease, outcome: "finished" })))
    console.log(`told ${trial.trial} ${lease}`);
}
