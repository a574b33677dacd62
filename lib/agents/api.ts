/** The HTTP API as tools call it: with one token, from a terminal, over stdio, or by the server of itself. */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { text as textOf } from "node:stream/consumers";
import { readAnswer, Unreachable } from "../sending/answers.ts";
import { type Api, requestOf, type SentCall } from "../wire/tools/tool.ts";

export type ApiTarget = {
  /** Without a slash at its end. */
  url: string;
  token: string;
  /** The Host that the server goes by, where it is reached by another address. */
  host?: string;
  signal?: AbortSignal;
};

const TIMEOUT_MS = 60_000;

/** Calls of the API. Throws `Refused` for a no, `Unreachable` where the same call may be made again. */
export const apiOf =
  (target: ApiTarget): Api =>
  async (call) => {
    const sent = requestOf(call);
    const answered = await exchange(target, sent).catch((cause: unknown) => {
      throw new Unreachable(`${target.url} doesn't answer: ${reasonOf(cause)}`, null, { cause });
    });
    const { statusCode: status = 0, statusMessage: statusText = "", headers } = answered.response;
    const isText = status >= 200 && status < 300 && !/\bjson\b/.test(headers["content-type"] ?? "");
    if (isText) return answered.text;
    const retryAfter = headers["retry-after"] ?? null;
    return readAnswer(target.url, `${sent.method} ${sent.path}`, {
      status,
      statusText,
      retryAfter,
      text: answered.text,
    });
  };

/** By Node's own client: `fetch` lets nobody say the Host. */
function exchange(
  { url, token, host, signal }: ApiTarget,
  { method, path, body }: SentCall,
): Promise<{ response: IncomingMessage; text: string }> {
  const asked = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = asked(new URL(url + path), {
      method,
      timeout: TIMEOUT_MS,
      ...(signal && { signal }),
      headers: {
        authorization: `Bearer ${token}`,
        ...(host !== undefined && { host }),
        ...(typeof body === "string" && { "content-type": "application/json" }),
        "content-length": Buffer.byteLength(body ?? ""),
      },
    });
    request.on("timeout", () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    request.on("error", reject);
    request.on("response", (response) => {
      textOf(response).then((text) => resolve({ response, text }), reject);
    });
    request.end(body ?? undefined);
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
