/** The web server: Next in this process, so that nothing outlives it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import next from "next";
import { Refusal } from "../../db/refusal.ts";
import { root } from "../../db/root.ts";
import { clientAddress } from "../../lib/access/callers/client-address.ts";
import { readHealth } from "../../lib/health.ts";
import { logError } from "../../lib/log.ts";
import { asProblem, ProblemError } from "../../lib/problem.ts";
import { SELF, selfUrl } from "../../lib/self.ts";
import { refuseRequest } from "./refuse-request.ts";
import type { Settings } from "./settings.ts";
import { allowSlowUploads } from "./slow-uploads.ts";
import { watchRequest } from "./watch-request.ts";

export type Web = {
  /** Hands the requests to Next from now on; before, they are told to come again. */
  serve: (dev: boolean) => Promise<void>;
  /** Answers from now on whether this server is well, and nothing else: it is a worker. */
  serveHealth: () => void;
  /** Answers every request from now on that it can't be served, with what to do. */
  refuseAll: (detail: string) => void;
  /** Takes no more requests, gives those that run two seconds, then cuts streams. May be called more than once. */
  stop: () => Promise<void>;
};

const REQUESTS_END_MS = 2000;
/** Longer than proxies keep theirs (nginx 60 s): who sends as the other end closes gets an error for an answer. */
const KEEP_ALIVE_MS = 75_000;
/** An address that names a hundred runs has 4 KB, and the browser sends it in three headers of one request. */
const HEADERS_BYTES_MAX = 64 * 1024;

/** Takes the port at once, so that one in use is known before anything else starts. Throws a Refusal if it is. */
export async function openWeb({ host, port, proxies }: Settings): Promise<Web> {
  let handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> = answerStarting;
  let close: () => Promise<void> = async () => {};
  const server = createServer({ maxHeaderSize: HEADERS_BYTES_MAX }, (request, response) => {
    const answer = () => handle(request, response);
    watchRequest(request, response, proxies, answer).catch((error: unknown) => {
      logError("a request was not answered", error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  allowSlowUploads(server);
  await listen(server, host, port);
  process.env[SELF] = selfUrl(host, port);

  async function serve(dev: boolean): Promise<void> {
    const app = next({ dev, dir: root, hostname: host, port, httpServer: server });
    close = () => app.close();
    await app.prepare();
    const requestHandler = app.getRequestHandler();
    if (handle !== answerStarting) return;
    handle = async (request, response) => {
      // everything behind this reads the header, which any client can send
      const { headers, socket } = request;
      headers["x-forwarded-for"] = clientAddress(socket.remoteAddress, headers["x-forwarded-for"]?.toString(), proxies);
      if (!refuseRequest(request, response)) await requestHandler(request, response);
    };
  }
  function serveHealth(): void {
    handle = answerHealth;
  }
  function refuseAll(detail: string): void {
    handle = async (_request, response) => answerProblem(response, new ProblemError("unavailable", detail));
  }
  async function stop(): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const cut = setTimeout(() => server.closeAllConnections(), REQUESTS_END_MS);
    await closed;
    clearTimeout(cut);
    await close();
  }
  return { serve, serveHealth, refuseAll, stop };
}

async function answerStarting(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(503, { "content-type": "text/plain; charset=utf-8", "retry-after": "1", refresh: "1" });
  response.end("Holdout is starting. This page comes by itself.\n");
}

async function answerHealth(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    if (request.url?.split("?", 1)[0] !== "/api/health")
      throw new ProblemError(
        "not-found",
        "this server is a worker (HOLDOUT_ROLE), and has /api/health alone; ask a web server",
      );
    const health = JSON.stringify({ status: "ok", ...(await readHealth()) });
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" }).end(health);
  } catch (error) {
    const problem = asProblem(error);
    if (!problem) throw error;
    answerProblem(response, problem);
  }
}

function answerProblem(response: ServerResponse, problem: ProblemError): void {
  response.writeHead(problem.status, { "content-type": "application/problem+json", "cache-control": "no-store" });
  response.end(JSON.stringify(problem));
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(new Refusal(whyNot(cause, host, port), { cause })));
    server.listen(port, host, resolve);
  });
}

function whyNot(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === "EADDRINUSE")
    return `Port ${port} on ${host} is in use by another program. Choose another one:  PORT=${port + 1} npm start`;
  if (error.code === "EACCES") return `Port ${port} may only be used by root. Choose PORT=1024 or above.`;
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
    return `HOST=${host} is no address of this machine. 127.0.0.1 is right for this machine alone, 0.0.0.0 for all.`;
  return `HOST=${host} PORT=${port} can't be listened on: ${error.message}`;
}
