/** For tests: the API's own route handlers behind a port, so that a trainer meets them as it meets a server. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { root } from "../../db/root.ts";
import { type RouteName, routes } from "../../lib/wire/routes.ts";

type Handler = (request: Request, context: { params: Promise<Record<string, unknown>> }) => Promise<Response>;
type Served = { method: string; pattern: RegExp; names: string[]; folder: string };

const served: Served[] = (Object.keys(routes) as RouteName[]).map((name) => {
  const { method, path: address } = routes[name];
  const names = [...address.matchAll(/\{(\w+)\}/g)].map(([, one]) => one!);
  const parts = address.replace(/\{(\w+)\}/g, (_, one: string) => (one === "path" ? "(.+)" : "([^/]+)"));
  return {
    method,
    names,
    pattern: new RegExp(`^${parts}$`),
    folder: `app${address.replace("{path}", "[...path]").replace(/\{(\w+)\}/g, "[$1]")}`,
  };
});

/** MLflow's protocol: a route a folder, which takes the rest of the address by this name. */
const protocol: Served[] = [
  ["/api/2.0/mlflow-artifacts/artifacts", "path"],
  ["/api/2.0/mlflow", "call"],
].flatMap(([at, rest]) =>
  ["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) => ({
    method,
    names: [rest!],
    pattern: new RegExp(`^${at}/(.+)$`),
    folder: `app${at}/[...${rest}]`,
  })),
);
const isRest = (name: string): boolean => name === "path" || name === "call";

export type Asked = { method: string; path: string; body: Buffer };

export class ApiServer {
  /** All requests so far. */
  readonly asked: Asked[] = [];
  /** Whether the line is cut after the work is done, so that its answer is lost. */
  loses: (asked: Asked) => boolean = () => false;
  /** What it says it has no route for, as one of an older version does. */
  refuses: (asked: Asked) => boolean = () => false;
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  up(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  async down(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [method, body] = [request.method ?? "", Buffer.concat(chunks)];
    const url = new URL(request.url ?? "", this.url);
    const asked = { method, path: url.pathname, body };
    this.asked.push(asked);
    const answer = this.refuses(asked) ? unrouted(asked) : await handled(asked, url, request);
    if (this.loses(asked)) return void request.socket.destroy();
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body) await pipeline(Readable.fromWeb(answer.body as never), response);
    else response.end();
  }
}

const unrouted = ({ method, path: address }: Pick<Asked, "method" | "path">): Response =>
  Response.json({ detail: `no route ${method} ${address}` }, { status: 404 });

async function handled({ method, path: address, body }: Asked, url: URL, request: IncomingMessage): Promise<Response> {
  const route = [...served, ...protocol].find((one) => one.method === method && one.pattern.test(address));
  if (!route) return unrouted({ method, path: address });
  const module = (await import(/* @vite-ignore */ path.join(root, route.folder, "route.ts"))) as Record<
    string,
    Handler
  >;
  const values = route.pattern.exec(address)!.slice(1);
  const params = Object.fromEntries(
    route.names.map((name, at) => [name, isRest(name) ? values[at]!.split("/") : values[at]!]),
  );
  const headers = new Headers(request.headers as Record<string, string>);
  const sent = new Request(url, { method, headers, ...(method === "GET" ? {} : { body: new Uint8Array(body) }) });
  return module[method]!(sent, { params: Promise.resolve(params) });
}
