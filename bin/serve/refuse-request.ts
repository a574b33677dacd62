/** What is refused before Next sees it, which would answer 500, or 405 without saying what is allowed. No body is read here. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Route } from "../../lib/wire/base/route.ts";
import { routes } from "../../lib/wire/routes.ts";

/** Answers a request that no page or route can be asked by, and says whether it did. */
export function refuseRequest(request: IncomingMessage, response: ServerResponse): boolean {
  const { url = "/", method = "GET" } = request;
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
  if (!allowed.includes(method)) {
    response.setHeader("allow", allowed.join(", "));
    const detail = `${method} is not for ${pathname.slice(0, 200)}; ${allowed.join(", ")} are`;
    answer(response, { status: 405, kind: "method", title: "Method not allowed", detail });
    return true;
  }
  const form = method === "POST" && !ofPrograms.test(pathname) ? refusedForm(request) : null;
  if (form) answer(response, form);
  return form !== null;
}

/** Routes that read their bodies themselves, of whatever form and length they allow. */
const ofPrograms = /^\/api\/(v1|2\.0|3\.0)\//;

/** What Next takes of a page's form: server actions are sent less. */
const FORM_BYTES_MAX = 2 ** 20;

/** Why a form that is posted to a page can't be taken, by what its head says of its length; null: it can. */
function refusedForm({ headers }: IncomingMessage): Refused | null {
  const { "content-length": length, "transfer-encoding": encoding } = headers;
  if (encoding !== undefined) {
    const detail =
      "the form comes without content-length; a browser says it, and so do HTTP clients that know the body";
    return { status: 411, kind: "length", title: "Length required", detail };
  }
  if (Number(length ?? 0) <= FORM_BYTES_MAX) return null;
  const detail = `the form has ${length} bytes; a page takes at most ${FORM_BYTES_MAX}, and files go to the API`;
  return { status: 413, kind: "too-large", title: "Too large", detail };
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
