/** Clients that each look at another stretch of a series once a second. */
import { Agent } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { POINTS_CONTENT_TYPE } from "../../lib/wire/points/points-codec.ts";
import { answer } from "../child.ts";
import { lengthOf } from "../get.ts";
import { METRIC } from "../metric.ts";
import type { ZoomDone, ZoomJob } from "../rows/calm.ts";
import { randomOf } from "../series.ts";

answer<ZoomJob>(async ({ url, token, run, length, clients, seconds, seed }): Promise<ZoomDone> => {
  // in turn: one that lies idle may be closed by the server as a request sets out on it
  const agent = new Agent({ keepAlive: true, maxSockets: clients, scheduling: "fifo" });
  const headers = { authorization: `Bearer ${token}`, accept: POINTS_CONTENT_TYPE };
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      const random = randomOf(seed + client);
      for (let second = 0; second < seconds; second++) {
        // not all at the same moment
        await delay(Math.max(0, startedAt + (second + client / clients) * 1000 - performance.now()));
        const width = Math.round(1000 * (length / 1000) ** random());
        const from = Math.floor(random() * (length - width));
        const begunAt = performance.now();
        await lengthOf(
          `${url}/api/v1/runs/${run}/metrics?series=train/${METRIC}&px=1000&from=${from}&to=${from + width - 1}`,
          agent,
          headers,
        );
        latenciesMs.push(performance.now() - begunAt);
      }
    }),
  );
  agent.destroy();
  return { latenciesMs };
});
