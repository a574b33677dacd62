/** A body may take as long as it needs; a client that has stopped sending one is ended. */
import type { IncomingMessage, Server } from "node:http";

/** How long nothing may come of a body that isn't whole, as proxies have it (nginx: 60 s). */
export const SILENCE_MS = 60_000;

/**
 * Ends no request for its length: Node would end each after 300 s, a file of 4 GiB by a slow line among them. A
 * connection is cut when its body's next byte is missing for `SILENCE_MS` to twice that. Its headers still have to come
 * within `server.headersTimeout`, and an answer may take its time.
 */
export function allowSlowUploads(server: Server): void {
  server.requestTimeout = 0;
  server.on("request", (request: IncomingMessage) => {
    if (hasBody(request)) cutIfSilent(request);
  });
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

function cutIfSilent(request: IncomingMessage): void {
  const { socket } = request;
  let seen = -1;
  const timer = setInterval(() => {
    if (request.complete) return clearInterval(timer);
    // what is here and not taken yet is ours to take: the client waits for us
    const isWaiting = request.readableLength >= request.readableHighWaterMark;
    if (socket.bytesRead === seen && !isWaiting) socket.destroy();
    seen = socket.bytesRead;
  }, SILENCE_MS).unref();
  request.once("close", () => clearInterval(timer));
}
