/** A server that is watched: figures for Prometheus, a log for programs, and traces for a collector, from the build that people run. */
import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { type App, startApp } from "../bin/servers/app.ts";

type Sent = {
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: { stringValue?: string } }[];
};
type Collected = { resourceSpans: { scopeSpans: { spans: Sent[] }[] }[] };

let app: App;
let collector: Server;
let token = "";
const bodies: string[] = [];
const spans = () =>
  bodies.flatMap((body) =>
    (JSON.parse(body) as Collected).resourceSpans.flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans)),
  );

test.beforeAll(async () => {
  test.setTimeout(300_000);
  collector = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    bodies.push(Buffer.concat(pieces).toString());
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  app = await startApp({
    HOLDOUT_LOG: "json",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_BSP_SCHEDULE_DELAY: "100",
  });
  const { code, output } = await app.run("token.ts", ["--workspace", "--name", "prometheus"]);
  expect(code, output).toBe(0);
  token = /hold_\S+/.exec(output)![0];
});
test.afterAll(async () => {
  await app?.stop();
  collector?.close();
});

const headers = () => ({ authorization: `Bearer ${token}`, "content-type": "application/json" });

async function post<Answer>(path: string, body: object): Promise<Answer> {
  const answer = await fetch(`${app.url}${path}`, { method: "POST", headers: headers(), body: JSON.stringify(body) });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as Answer;
}

async function figure(name: string): Promise<number> {
  const answer = await fetch(`${app.url}/api/metrics`, { headers: headers() });
  expect(answer.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  const line = (await answer.text())
    .split("\n")
    .find((one) => one.startsWith(`${name} `) || one.startsWith(`${name}{`));
  return Number(line?.split(" ").at(-1) ?? 0);
}

test("points that come in are counted by the server that took them, and a page and its statements are one trace", async () => {
  const { slug } = await post<{ slug: string }>("/api/v1/projects", { name: "Watched" });
  const { id: run } = await post<{ id: string }>("/api/v1/runs", { project: slug });
  const writer = randomUUID();
  await post(`/api/v1/runs/${run}/writers`, { writer });
  const before = await figure("holdout_ingest_points_total");
  const groups = [{ split: "train", steps: [0, 1, 2], times: [1, 2, 3], metrics: { loss: [3, 2, 1] } }];
  await post(`/api/v1/runs/${run}/metrics`, { writer, sequence: 1, groups });
  expect((await figure("holdout_ingest_points_total")) - before).toBe(3);
  expect(
    await figure(
      'holdout_http_request_duration_seconds_count{route="/api/v1/runs/{run}/metrics",method="POST",status="2xx"}',
    ),
  ).toBe(1);

  const route = "POST /api/v1/runs/{run}/metrics";
  await expect.poll(() => spans().filter(({ name }) => name === route)).toHaveLength(1);
  const stored = spans().find(({ name }) => name === route)!;
  const own = () => spans().filter(({ parentSpanId }) => parentSpanId === stored.spanId);
  await expect.poll(() => JSON.stringify(own())).toContain("insert into batches");
  for (const secret of [token, run, writer]) expect(bodies.join("")).not.toContain(secret);
});

test("each line of its log is an object, which names the answer's request and no token", async () => {
  const missing = await fetch(`${app.url}/api/v1/runs/${randomUUID()}?token=${token}`, { headers: headers() });
  expect(missing.status).toBe(404);
  const id = missing.headers.get("x-request-id")!;
  await expect.poll(() => app.output()).toContain(id);
  const lines = app
    .output()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.find(({ request }) => request === id)).toMatchObject({
    level: "info",
    method: "GET",
    route: "/api/v1/runs/{run}",
    status: 404,
  });
  expect(app.output()).not.toContain(token);
});
