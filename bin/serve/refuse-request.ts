/** What is refused before Next sees it, which would answer 500, or 405 without saying what is allowed. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Route } from "../../lib/wire/base/route.ts";
import { routes } from "../../lib/wire/routes.ts";

/** Answers a request that no page or route can be asked by, and says whether it did. */
export function refuseRequest({ url = "/", method = "GET" }: IncomingMessage, response: ServerResponse): boolean {
  const pathname = url.split("?", 1)[0]!;
  if (!pathname.startsWith("/")) {
    const detail = `the address ${pathname.slice(0, 200)} is no path; one begins with /`;
    answer(response, { status: 400, kind: "invalid", title: "The request is not valid", detail });
    return true;
  }
  if (!isDecodable(pathname)) {
    const detail = `the path ${pathname.slice(0, 200)} holds a % that begins no escape of UTF-8; a percent sign itself is %25`;
    answer(response, { status: 400, kind: "invalid", title: "The request is not valid", detail });
    return true;
  }
  const allowed = allowedMethods(pathname);
  if (allowed.includes(method)) return false;
  response.setHeader("allow", allowed.join(", "));
  const detail = `${method} is not for ${pathname.slice(0, 200)}; ${allowed.join(", ")} are`;
  answer(response, { status: 405, kind: "method", title: "Method not allowed", detail });
  return true;
}

function isDecodable(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}

const pages = ["GET", "HEAD", "POST", "OPTIONS"];
const patterns = Object.values(routes as Record<string, Route>).map(({ method, path }) => {
  const pattern = path.replace("{path}", ".+").replaceAll(/\{\w+\}/g, "[^/]+");
  return { method, pattern: new RegExp(`^${pattern.replaceAll(".json", "\\.json").replaceAll(".csv", "\\.csv")}/?$`) };
});

/** Of a route of the API those that it has; what is none answers 404 to whatever may be asked. */
function allowedMethods(pathname: string): string[] {
  if (!pathname.startsWith("/api/")) return pages;
  const methods = patterns.filter(({ pattern }) => pattern.test(pathname)).map(({ method }) => method);
  if (methods.length === 0) return ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
  return [...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS", ...methods].sort();
}

type Refused = { status: number; kind: string; title: string; detail: string };

function answer(response: ServerResponse, { status, kind, title, detail }: Refused): void {
  response.writeHead(status, { "content-type": "application/problem+json", "x-content-type-options": "nosniff" });
  response.end(JSON.stringify({ type: `urn:holdout:problem:${kind}`, title, status, detail }));
}
