/** A collector that speaks OTLP hears of requests, their statements and jobs; values, addresses and tokens it doesn't. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { sql as text } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { closeConnections, connections } from "../../db/connection.ts";
import { enqueueJob, runNextJob } from "../../lib/jobs/jobs.ts";
import { prepareWorkspace } from "../../lib/test-workspace.ts";
import { isTraced, startTraces } from "./traces.ts";
import { watchRequest } from "./watch-request.ts";

prepareWorkspace();

type Value = { stringValue?: string; intValue?: number };
type Sent = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  status: { code?: number };
  attributes: { key: string; value: Value }[];
};
type Collected = {
  resourceSpans: {
    resource: { attributes: { key: string; value: Value }[] };
    scopeSpans: { spans: Sent[] }[];
  }[];
};

const bodies: Collected[] = [];
const servers: Server[] = [];
const addressOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const listen = async (server: Server) => {
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return addressOf(server);
};
const spans = () =>
  bodies.flatMap(({ resourceSpans }) => resourceSpans.flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans)));
const find = (name: string) => spans().find((span) => span.name === name);
const attributeOf = (span: Sent, key: string) => {
  const value = span.attributes.find((one) => one.key === key)?.value;
  return value?.stringValue ?? value?.intValue;
};

let end = async () => {};
beforeAll(async () => {
  const collector = await listen(
    createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      bodies.push(JSON.parse(Buffer.concat(pieces).toString()) as Collected);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    }),
  );
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", collector);
  vi.stubEnv("OTEL_SERVICE_NAME", "holdout-of-ours");
  vi.stubEnv("OTEL_BSP_SCHEDULE_DELAY", "50");
  end = await startTraces();
  await closeConnections();
});
afterAll(async () => {
  await end();
  vi.unstubAllEnvs();
  for (const server of servers) server.close();
});

test("a request is a span by its route, part of its caller's trace, with its statements without their values", async () => {
  const server = createServer((request, response) =>
    watchRequest(request, response, 0, async () => {
      const { db, sql } = connections();
      await sql`select ${"a secret value"}::text as word`;
      await db.execute(text`select ${"another secret"}::text as word`);
      await sql`select 1 / ${0}::int`.catch(() => {});
      response.writeHead(503).end();
    }),
  );
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, authorization: "Bearer hold_secret1" };
  await fetch(`${await listen(server)}/api/v1/runs/hold_secret2/metrics?token=hold_secret3`, { headers });
  const route = "GET /api/v1/runs/{run}/metrics";
  // a new connection asks for the types of its database, too
  const ownStatements = () =>
    spans().filter((span) => span.name === "SELECT" && !String(attributeOf(span, "db.query.text")).includes("pg_type"));
  await expect.poll(() => find(route) && ownStatements().length).toBe(3);
  const request = find(route)!;
  expect(request).toMatchObject({ traceId, parentSpanId: "b7ad6b7169203331", kind: 2, status: { code: 2 } });
  expect(attributeOf(request, "http.response.status_code")).toBe(503);
  const statements = ownStatements();
  for (const one of statements) expect(one).toMatchObject({ traceId, parentSpanId: request.spanId, kind: 3 });
  const told = statements.map((one) => [attributeOf(one, "db.query.text"), one.status.code ?? 0]);
  expect(told).toEqual([
    ["select $::text as word", 0],
    ["select $1::text as word", 0],
    ["select 1 / $::int", 2],
  ]);
  expect(JSON.stringify(bodies)).not.toContain("secret");
  const { resource } = bodies[0]!.resourceSpans[0]!;
  expect(resource.attributes).toContainEqual({ key: "service.name", value: { stringValue: "holdout-of-ours" } });
});

test("a job is a span of its own, which failed where it did, and what looks for jobs is none", async () => {
  const { db } = connections();
  for (const subject of ["one", "two"]) await enqueueJob(db, { kind: "traced", subject });
  const traced = async ({ subject }: { subject: string }) => {
    await connections().sql`select 7 as seven`;
    if (subject === "two") throw new TypeError("no second");
  };
  vi.spyOn(console, "error").mockImplementation(() => {});
  for (let turn = 0; turn < 3; turn++) await runNextJob({ traced }, { only: ["traced"] });
  await expect.poll(() => spans().filter(({ name }) => name === "job traced").length).toBe(2);
  const [first, second] = spans().filter(({ name }) => name === "job traced") as [Sent, Sent];
  expect(first.parentSpanId ?? "").toBe("");
  expect([first.status.code ?? 0, second.status.code]).toEqual([0, 2]);
  expect(attributeOf(second, "error.type")).toBe("TypeError");
  const own = spans().filter(
    ({ name, attributes }) => name === "SELECT" && JSON.stringify(attributes).includes("seven"),
  );
  expect(own.map(({ parentSpanId }) => parentSpanId)).toEqual([first.spanId, second.spanId]);
  expect(spans().filter(({ name }) => name === "UPDATE")).toEqual([]);
});

test.each([
  [{}, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "" }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" }, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://127.0.0.1:4318/v1/traces" }, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318", OTEL_SDK_DISABLED: "true" }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318", OTEL_TRACES_EXPORTER: "none" }, false],
])("the environment %j means that traces are sent: %s", (environment, sent) => {
  expect(isTraced(environment as NodeJS.ProcessEnv)).toBe(sent);
});
