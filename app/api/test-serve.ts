/** For tests: the API's route handlers behind a real HTTP server, for programs that are started as their users start them. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { Readable } from "node:stream";
import { TEST_ORIGIN } from "@/lib/test-workspace.ts";
import type { Route } from "@/lib/wire/base/route.ts";
import { routes } from "@/lib/wire/routes.ts";

type Handler = (request: Request, context: { params: Promise<object> }) => Promise<Response>;
type Served = { method: string; pattern: RegExp; names: string[]; file: string };

/** MLflow's protocol, which is no part of the contract. */
const foreign = (["GET", "POST", "PATCH", "PUT", "DELETE"] as const).flatMap((method) => [
  { method, path: "/api/2.0/mlflow/{path}", folder: "/api/2.0/mlflow/[...call]" },
  { method, path: "/api/3.0/mlflow/{path}", folder: "/api/3.0/mlflow/[...call]" },
  { method, path: "/api/2.0/mlflow-artifacts/artifacts" },
  { method, path: "/api/2.0/mlflow-artifacts/artifacts/{path}" },
]);

/** Fixed parts before parts in braces: `/trials/claim` is no trial. */
const served: Served[] = [
  ...Object.values(routes as Record<string, Route>),
  { method: "POST", path: "/api/mcp" } as const,
  ...foreign,
]
  .map(({ method, path: where, ...at }): Served => {
    const names = [...where.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
    const parts = where.replace("{path}", "(.+)").replace(/\{\w+\}/g, "([^/]+)");
    const folder = "folder" in at ? at.folder : where.replace("{path}", "[...path]").replace(/\{(\w+)\}/g, "[$1]");
    return { method, pattern: new RegExp(`^${parts}$`), names, file: `app${folder}/route.ts` };
  })
  .sort((one, other) => one.names.length - other.names.length);

/** Serves until `close`. `url`: without a slash at its end. */
export async function serveApi(): Promise<{ url: string; server: Server; close: () => Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    // as a proxy passes it on: the origin is the one that the tests' workspace has
    const url = `${TEST_ORIGIN}${incoming.url}`;
    const { pathname } = new URL(url);
    const route = served.find(({ method, pattern }) => method === incoming.method && pattern.test(pathname));
    if (!route) return void outgoing.writeHead(404).end("{}");
    const found = route.pattern.exec(pathname)!.slice(1).map(decodeURIComponent);
    const params = Object.fromEntries(
      route.names.map((name, at) => [name, name === "path" ? found[at]!.split("/") : found[at]!]),
    );
    const file = path.resolve(import.meta.dirname, "../..", route.file);
    const module = (await import(/* @vite-ignore */ file)) as Record<string, Handler>;
    const hasBody = incoming.method !== "GET";
    const request = new Request(url, {
      method: incoming.method!,
      headers: { ...(incoming.headers as Record<string, string>), host: new URL(TEST_ORIGIN).host },
      ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" } : {}),
    } as RequestInit);
    const answer = await module[route.method]!(request, { params: Promise.resolve(params) });
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, close };
}
