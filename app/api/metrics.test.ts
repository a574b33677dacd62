/** What a scraper reads: figures of the whole installation, for who keeps it alone, and no name of what is in it. */
import { beforeAll, expect, test, vi } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { createWorkspaceToken } from "@/lib/access/tokens.ts";
import { appendBatch } from "@/lib/metrics/append.ts";
import { ProblemError } from "@/lib/problem.ts";
import { batchOf, newMember, newProject, newRun, newToken, prepareWorkspace } from "@/lib/test-workspace.ts";
import { answerProblem } from "./_handler.ts";
import { GET } from "./metrics/route.ts";

prepareWorkspace();
let secret: string;
beforeAll(async () => {
  ({ secret } = await createWorkspaceToken(systemActor, { name: "prometheus" }));
});

const ask = (headers: Record<string, string>) =>
  GET(new Request("http://10.0.0.7:3000/api/metrics", { headers }), { params: Promise.resolve({}) });
const read = async () => (await ask({ authorization: `Bearer ${secret}` })).text();
const figureOf = (text: string, name: string): number =>
  Number(
    text
      .split("\n")
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1) ?? 0,
  );

test("a token of the workspace reads them by any name of the server, in Prometheus' format", async () => {
  const answer = await ask({ authorization: `Bearer ${secret}` });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const lines = (await answer.text()).split("\n").filter((line) => line !== "");
  for (const line of lines)
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^{}]*\})? (-?[\d.]+(e[+-]?\d+)?|Nan|[+-]Inf))$/i);
  for (const name of [
    "process_start_time_seconds",
    "nodejs_eventloop_lag_p99_seconds",
    "holdout_live_streams",
    "holdout_database_pool_max",
  ])
    expect(lines.some((line) => line.startsWith(name))).toBe(true);
});

test("tokens of a project learn nothing of others' volumes, and neither does a member who is no admin", async () => {
  const project = await newProject();
  for (const scope of ["ingest", "read", "evaluate", "admin"] as const) {
    const token = await newToken(project, scope);
    expect((await ask({ authorization: `Bearer ${token.secret}` })).status).toBe(403);
  }
  expect((await ask({ cookie: (await newMember("member")).cookie })).status).toBe(403);
  expect((await ask({ cookie: (await newMember("admin")).cookie })).status).toBe(200);
  expect((await ask({})).status).toBe(401);
});

test("a stored batch, its duplicate and a refused one are counted, its points and bytes once, and it waits", async () => {
  const { run, writer } = await newRun(await newProject("Secret name", "unmentionable"));
  const before = await read();
  const batch = batchOf(writer, 1, "train", [0, 1, 2], { unmentionable: [3, 2, 1] });
  await appendBatch(systemActor, run.id, batch);
  await appendBatch(systemActor, run.id, batch);
  await expect(appendBatch(systemActor, run.id, { ...batch, writer: crypto.randomUUID() })).rejects.toThrow();
  const after = await read();
  const grown = (name: string) => figureOf(after, name) - figureOf(before, name);
  for (const outcome of ["stored", "duplicate", "refused"])
    expect(grown(`holdout_ingest_batches_total{outcome="${outcome}"}`)).toBe(1);
  expect(grown("holdout_ingest_points_total")).toBe(3);
  expect(grown("holdout_ingest_bytes_total")).toBeGreaterThan(24);
  expect(figureOf(after, "holdout_ingest_lag_seconds")).toBeGreaterThan(0);
  expect(after).toMatch(/^holdout_info\{version="\d+\.\d+\.\d+",schema="\d*"\} 1$/m);
  for (const name of ["Secret name", "unmentionable", run.id]) expect(after).not.toContain(name);
});

test("a failure of the server says the id by which its log names the request, and a caller's own fault doesn't", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const request = new Request("http://holdout.test/api/v1/runs", { headers: { "x-request-id": "id-of-this-one" } });
  expect(await answerProblem(new Error("a fault"), request).json()).toMatchObject({ request: "id-of-this-one" });
  expect(await answerProblem(new ProblemError("invalid", "x"), request).json()).not.toHaveProperty("request");
  said.mockRestore();
});
