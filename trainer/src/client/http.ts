/** One request to the server, with its three ends: an answer, an answer that will not change, or none worth keeping. */
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type RawAnswer, readAnswer, Unreachable } from "../../../lib/sending/answers.ts";

export type Target = { url: string; token: string };

/** The server's address without a slash at its end: the given one, else the environment's. Throws for what is none. */
export function serverAddress(given?: string): string {
  const url = given ?? process.env.HOLDOUT_URL ?? "http://127.0.0.1:3000";
  if (!URL.canParse(url) || !["http:", "https:"].includes(new URL(url).protocol))
    throw new TypeError(`url: expected an http or https address, received ${JSON.stringify(url)}`);
  return url.replace(/\/+$/, "");
}

export type OutgoingRequest = {
  method: "GET" | "POST" | "PUT" | "PATCH";
  path: string;
  body?: string | Uint8Array | Readable | null;
  contentType?: string;
  headers?: Record<string, string>;
  /** Default 15 s: a connection that is open at this end alone gives no other sign. */
  timeoutMs?: number;
  /** Ends the request early. */
  signal?: AbortSignal;
};

export const json = (value: unknown): Pick<OutgoingRequest, "body" | "contentType"> => ({
  body: JSON.stringify(value),
  contentType: "application/json",
});

/** Sends once. Returns the parsed answer; throws `Unreachable` where sending again makes sense, `Refused` elsewhere. */
export async function send(target: Target, sent: OutgoingRequest): Promise<unknown> {
  const { method, path, timeoutMs = 15_000, signal } = sent;
  // not AbortSignal.any: it keeps a reference for each request on a signal that lives as long as the run
  const ending = new AbortController();
  const end = () => ending.abort(signal?.reason ?? new Error(`no answer within ${timeoutMs / 1000} s`));
  const timer = setTimeout(end, timeoutMs).unref();
  signal?.addEventListener("abort", end);
  if (signal?.aborted) end();
  let answered: RawAnswer;
  try {
    answered = await exchange(target, sent, ending.signal);
  } catch (error) {
    const cause = ending.signal.aborted ? ending.signal.reason : error;
    throw new Unreachable(`${target.url} doesn't answer: ${reasonOf(cause)}`, null, { cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
  return readAnswer(target.url, `${method} ${path}`, answered);
}

// one connection is kept for the next batch; node's own client costs a training less than half of fetch (measured)
// so many as an import has runs on their way: a connection more for each request costs both ends more than its answer
const options = { keepAlive: true, maxFreeSockets: 16 };
const agents = { "http:": new HttpAgent(options), "https:": new HttpsAgent(options) };

function exchange(target: Target, sent: OutgoingRequest, signal: AbortSignal): Promise<RawAnswer> {
  const { method, path, body = null, contentType, headers } = sent;
  const url = new URL(target.url + path);
  const isHttps = url.protocol === "https:";
  return new Promise((resolve, reject) => {
    const request = (isHttps ? httpsRequest : httpRequest)(url, {
      method,
      signal,
      agent: agents[isHttps ? "https:" : "http:"],
      headers: {
        authorization: `Bearer ${target.token}`,
        ...(contentType ? { "content-type": contentType } : {}),
        ...(body instanceof Readable ? {} : { "content-length": Buffer.byteLength(body ?? "") }),
        ...headers,
      },
    });
    request.on("error", reject);
    request.on("response", (response) => {
      textOf(response).then(
        (text) =>
          resolve({
            status: response.statusCode ?? 0,
            statusText: response.statusMessage ?? "",
            retryAfter: response.headers["retry-after"] ?? null,
            text,
          }),
        reject,
      );
    });
    if (body instanceof Readable) pipeline(body, request).catch(reject);
    else request.end(body ?? undefined);
  });
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || ("code" in cause ? String(cause.code) : cause.name);
}
