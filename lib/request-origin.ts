/** Whether a request is for this server, and whether one that changes something with a cookie came from here. Pure. */
import { origin } from "./origin.ts";

const safeMethods = ["GET", "HEAD", "OPTIONS"];

export type ForeignRequest = { status: 403 | 421; title: string; detail: string };

/** Null for a request that may pass; else why not. Asked in front of pages by proxy.ts, and of each API route by itself. */
export function foreignRequest(request: { method: string; url: string; headers: Headers }): ForeignRequest | null {
  const { method, headers, url } = request;
  const home = new URL(origin());
  if ((headers.get("host") ?? new URL(url).host) !== home.host) {
    const detail = `This server is ${home.origin}; the request's Host is another. HOLDOUT_URL sets it.`;
    return { status: 421, title: "Misdirected request", detail };
  }
  // a browser says where a request comes from; one that changes something comes from here, unless a token says whose it is
  const from = headers.get("origin");
  if (safeMethods.includes(method) || from === home.origin) return null;
  if (!headers.has("cookie") && (from === null || headers.has("authorization"))) return null;
  const detail = `The request's Origin is ${from ?? "missing"}; this server is ${home.origin}.`;
  return { status: 403, title: "Not allowed", detail };
}
