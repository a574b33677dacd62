/** Asks one question after the other over one connection, in a process of its own. */
import { Agent, get } from "node:http";
import { answer } from "./child.ts";
import type { GetDone, GetJob } from "./load.ts";

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

/** How many bytes the answer's body has, once all are here. */
function lengthOf(url: string, agent: Agent, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on("end", () => {
        if (response.statusCode === 200) resolve(bytes);
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
      response.on("error", reject);
    }).on("error", reject);
  });
}
