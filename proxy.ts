/** In front of every request: the one origin, and the headers that browsers enforce. Who may do what is lib/access's. */
import { type NextRequest, NextResponse } from "next/server";
import { origin } from "./lib/origin.ts";

const safeMethods = ["GET", "HEAD", "OPTIONS"];

export function proxy(request: NextRequest): NextResponse {
  const home = new URL(origin());
  const { pathname, search } = request.nextUrl;
  const isApi = pathname.startsWith("/api/");
  if (request.headers.get("host") !== home.host && pathname !== "/api/health") {
    if (!isApi && safeMethods.includes(request.method))
      return NextResponse.redirect(new URL(pathname + search, home), 307);
    return refuse(421, `This server is ${home.origin}; the request's Host is another. HOLDOUT_URL sets it.`);
  }
  // a browser says where a request comes from; one that changes something with a cookie comes from here
  const from = request.headers.get("origin");
  const changes = !safeMethods.includes(request.method);
  if (changes && request.headers.has("cookie") && from !== home.origin)
    return refuse(403, `The request's Origin is ${from ?? "missing"}; this server is ${home.origin}.`);
  return withPolicy(request);
}

function withPolicy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.randomUUID()).toString("base64");
  const development = process.env.NODE_ENV === "development";
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    // plotly.js writes its own style element
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  headers.set("x-path", request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("x-content-type-options", "nosniff");
  // with no-referrer a browser would say `Origin: null` of a form that is sent before the page's script has loaded
  response.headers.set("referrer-policy", "same-origin");
  response.headers.set("cross-origin-opener-policy", "same-origin");
  if (origin().startsWith("https:")) response.headers.set("strict-transport-security", "max-age=31536000");
  return response;
}

function refuse(status: number, detail: string): NextResponse {
  const title = status === 421 ? "Misdirected request" : "Not allowed";
  const body = { type: `urn:holdout:problem:origin`, title, status, detail };
  return new NextResponse(JSON.stringify(body), { status, headers: { "content-type": "application/problem+json" } });
}

export const config = { matcher: ["/((?!_next/static|_next/image|favicon.ico|icon.svg).*)"] };
