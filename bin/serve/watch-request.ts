/** Gives each request an id and the route that it is counted, logged and traced by, and says what came of it. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { counters } from "../../lib/counters.ts";
import { duringRequest, logEvent } from "../../lib/log.ts";
import { beginSpan, duringSpan } from "../../lib/traces.ts";
import { routeOf } from "./route-of.ts";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * Answers by `answer`, and counts, logs and traces it when the answer has ended. The id goes out as `x-request-id`, and in to whoever
 * answers by the same header; one that came is kept where `proxies` stand in front.
 */
export function watchRequest<Result>(
  request: IncomingMessage,
  response: ServerResponse,
  proxies: number,
  answer: () => Result,
): Result {
  const { headers, url = "/" } = request;
  const method = methods.includes(request.method ?? "") ? request.method! : "other";
  const id = (proxies > 0 ? givenId(headers) : null) ?? randomUUID();
  headers["x-request-id"] = id;
  response.setHeader("x-request-id", id);
  const context = { id, method, route: routeOf(method, url.split("?", 1)[0]!) };
  const attributes = { "http.request.method": method, "http.route": context.route, "holdout.request": id };
  const parent = headers.traceparent?.toString() ?? null;
  const span =
    context.route === "asset"
      ? null
      : beginSpan({ name: `${method} ${context.route}`, kind: "server", attributes, parent });
  const startedAt = performance.now();
  response.once("close", () => {
    const durationMs = performance.now() - startedAt;
    const { route } = context;
    const status = response.statusCode;
    counters().requests.observe({ route, method, status: `${Math.floor(status / 100)}xx` }, durationMs / 1000);
    span?.set({ "http.response.status_code": status });
    span?.end(status >= 500 ? new Error() : undefined);
    if (route === "asset") return;
    const fields = { status, durationMs: Math.round(durationMs * 10) / 10 };
    duringRequest(context, () => logEvent(status >= 500 ? "error" : "info", "request", fields));
  });
  return duringRequest(context, () => duringSpan(span, answer));
}

/** What the proxy calls the request: its own id, or the trace that it is part of (W3C Trace Context); null: neither, or badly formed. */
function givenId(headers: IncomingMessage["headers"]): string | null {
  const given = headers["x-request-id"]?.toString() ?? "";
  if (/^[A-Za-z0-9._-]{8,64}$/.test(given) && !given.startsWith("hold_")) return given;
  const trace = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(
    headers.traceparent?.toString() ?? "",
  )?.[1];
  return trace !== undefined && /[1-9a-f]/.test(trace) ? trace : null;
}
