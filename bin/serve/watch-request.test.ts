import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { counters } from "../../lib/counters.ts";
import { logError } from "../../lib/log.ts";
import { routeOf } from "./route-of.ts";
import { watchRequest } from "./watch-request.ts";

let server: Server;
afterEach(() => {
  server.close();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Asks a server that fails, by HTTP; its answer's id and what it logged. */
async function ask(path: string, headers: Record<string, string>, proxies = 0) {
  const written: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  server = createServer((request, response) =>
    watchRequest(request, response, proxies, () => {
      logError("it failed", new Error(`sent ${request.url} ${request.headers.authorization ?? ""}`));
      response.writeHead(500).end();
    }),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  await expect.poll(() => written.length).toBe(2);
  return {
    id: answer.headers.get("x-request-id"),
    text: written.join(""),
    lines: written.map((one) => JSON.parse(one)),
  };
}

test("each event is a line of JSON with the request's id and route, and no secret that it came with", async () => {
  vi.stubEnv("HOLDOUT_LOG", "json");
  const path = "/api/v1/runs/hold_secret1/metrics?token=hold_secret2&share=/shared/secret3";
  const { id, text, lines } = await ask(path, { authorization: "Bearer hold_secret4" });
  const of = { request: id, method: "GET", route: "/api/v1/runs/{run}/metrics" };
  expect(lines[0]).toMatchObject({ level: "error", message: "it failed", error: "Error", ...of });
  expect(lines[0].stack).toContain("watch-request");
  expect(lines[1]).toMatchObject({
    level: "error",
    message: "request",
    status: 500,
    durationMs: expect.any(Number),
    ...of,
  });
  expect(text).not.toContain("secret");
  expect(await counters().registry.metrics()).toContain(
    'holdout_http_request_duration_seconds_count{route="/api/v1/runs/{run}/metrics",method="GET",status="5xx"} 1',
  );
});

test.each([
  ["nobody's word is taken without a proxy", { "x-request-id": "from-a-client" }, 0, /^[0-9a-f-]{36}$/],
  ["a proxy's is", { "x-request-id": "from-a-proxy" }, 1, /^from-a-proxy$/],
  ["one that is badly formed isn't", { "x-request-id": "a b" }, 1, /^[0-9a-f-]{36}$/],
  ["a token is no id", { "x-request-id": "hold_secret99" }, 1, /^[0-9a-f-]{36}$/],
  ["else the trace's is", { traceparent: `00-${"a1".repeat(16)}-${"b".repeat(16)}-01` }, 1, /^(a1){16}$/],
])("of a request's id %s", async (_words, headers, proxies, expected) => {
  vi.stubEnv("HOLDOUT_LOG", "json");
  expect((await ask("/", headers as Record<string, string>, proxies)).id).toMatch(expected);
});

test.each([
  ["POST", "/api/v1/trials/claim", "/api/v1/trials/claim"],
  ["GET", "/api/v1/trials/7", "/api/v1/trials/{trial}"],
  ["GET", "/api/v1/runs/7/artifacts/a/b/c.bin", "/api/v1/runs/{run}/artifacts/{path}"],
  ["POST", "/api/2.0/mlflow/runs/log-batch", "/api/2.0/mlflow/{path}"],
  ["GET", "/api/v1/what/ever", "/api/{unknown}"],
  ["GET", "/shared/secret", "page"],
  ["GET", "/_next/static/a.js", "asset"],
])("%s %s is counted as %s", (method, path, route) => {
  server = createServer();
  expect(routeOf(method, path)).toBe(route);
});
