/** Asks one question after the other over one connection, in a process of its own. */
import { Agent } from "node:http";
import { answer } from "../child.ts";
import { lengthOf } from "../get.ts";
import type { GetDone, GetJob } from "../load.ts";

answer<GetJob>(async ({ urls, token, accept }): Promise<GetDone> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { authorization: `Bearer ${token}`, accept };
  const latenciesMs: number[] = [];
  let bytes = 0;
  for (const url of urls) {
    const begunAt = performance.now();
    bytes += await lengthOf(url, agent, headers);
    latenciesMs.push(performance.now() - begunAt);
  }
  agent.destroy();
  return { latenciesMs, bytes };
});
