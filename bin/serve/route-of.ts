/** Which route of the contract an address belongs to: a name out of few, whatever is asked. */
import type { Route } from "../../lib/wire/base/route.ts";
import { routes } from "../../lib/wire/routes.ts";

type Template = { method: string; path: string; parts: string[]; endless: boolean };

/** By how many parts they have; fixed parts before those in braces: `/trials/claim` is no trial. */
const templates: Template[] = Object.values(routes as Record<string, Route>)
  .map(({ method, path }) => ({ method, path, parts: path.split("/"), endless: path.endsWith("{path}") }))
  .sort((one, other) => bracesIn(one) - bracesIn(other));
const byLength = new Map<number, Template[]>();
for (const template of templates) {
  const same = byLength.get(template.parts.length) ?? [];
  byLength.set(template.parts.length, [...same, template]);
}
const endless = templates.filter((template) => template.endless);

function bracesIn({ path }: Template): number {
  return path.split("{").length;
}

/** `/api/v1/runs/{run}`, or of what is no part of the contract one of a few words. `pathname`: without its query. */
export function routeOf(method: string, pathname: string): string {
  if (!pathname.startsWith("/api/"))
    return pathname.startsWith("/_next/") || pathname === "/icon.svg" ? "asset" : "page";
  const parts = (pathname.endsWith("/") ? pathname.slice(0, -1) : pathname).split("/");
  const found = [...(byLength.get(parts.length) ?? []), ...endless].filter((one) => fits(one, parts));
  const asked = method === "HEAD" ? "GET" : method;
  const template = found.find((one) => one.method === asked) ?? found[0];
  return template?.path ?? foreignRoute(pathname);
}

function fits({ parts: own, endless: isEndless }: Template, parts: string[]): boolean {
  if (isEndless ? parts.length < own.length : parts.length !== own.length) return false;
  return own.every((part, at) => part === parts[at] || (part.startsWith("{") && parts[at] !== ""));
}

/** MLflow's protocol and MCP, which are no part of the contract. */
function foreignRoute(pathname: string): string {
  if (pathname === "/api/mcp") return "/api/mcp";
  const family = /^\/api\/(2\.0\/mlflow-artifacts|[23]\.0\/mlflow)\//.exec(pathname)?.[1];
  return family ? `/api/${family}/{path}` : "/api/{unknown}";
}
