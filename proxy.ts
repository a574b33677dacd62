/** In front of pages, and of the API outside v1 and of MLflow's protocol: the one origin, and the headers that browsers enforce. Who may do what is lib/access's. */
import { type NextRequest, NextResponse } from "next/server";
import { origin } from "./lib/origin.ts";
import { foreignRequest } from "./lib/request-origin.ts";

type Refusal = { status: number; title: string; detail: string };

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { pathname, search } = request.nextUrl;
  const foreign = foreignRequest(request);
  if (foreign?.status === 421 && ["/api/health", "/api/metrics"].includes(pathname)) return withPolicy(request);
  if (foreign?.status === 421 && !pathname.startsWith("/api/") && ["GET", "HEAD"].includes(request.method))
    return NextResponse.redirect(new URL(pathname + search, origin()), 307);
  if (foreign) return refuse("origin", foreign);
  const broken = await brokenForm(request);
  return broken ? refuse("invalid", broken) : withPolicy(request);
}

/**
 * What is wrong with a form that can't be read, which Next itself would answer as a fault of its own; null: nothing is. It
 * is short, or bin/serve/refuse-request.ts would have refused it: whoever sends a long one would hold others up here.
 */
async function brokenForm(request: NextRequest): Promise<Refusal | null> {
  const { method, headers } = request;
  if (method !== "POST" || !/^multipart\//i.test(headers.get("content-type") ?? "")) return null;
  try {
    await request.formData();
    return null;
  } catch (error) {
    const detail = `the body is no form as its content-type says: ${(error as Error).message}`;
    return { status: 400, title: "The request is not valid", detail };
  }
}

/** The one page that computes in the browser: TensorFlow.js in a worker, by WebAssembly where there is no GPU for it. */
const trainingPage = /^\/projects\/[^/]+\/train$/;

function withPolicy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.randomUUID()).toString("base64");
  const trains = trainingPage.test(request.nextUrl.pathname);
  const development = process.env.NODE_ENV === "development";
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${trains ? " 'wasm-unsafe-eval'" : ""}${development ? " 'unsafe-eval'" : ""}`,
    ...(trains ? ["worker-src 'self'"] : []),
    // what a page's parts are placed by stands in their style attributes
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
  if (request.nextUrl.pathname.startsWith("/shared/")) {
    // its address is the secret
    response.headers.set("referrer-policy", "no-referrer");
    response.headers.set("x-robots-tag", "noindex, nofollow");
  }
  response.headers.set("cross-origin-opener-policy", "same-origin");
  if (origin().startsWith("https:")) response.headers.set("strict-transport-security", "max-age=31536000");
  return response;
}

function refuse(kind: "origin" | "invalid", { status, ...words }: Refusal): NextResponse {
  const body = { type: `urn:holdout:problem:${kind}`, status, ...words };
  return new NextResponse(JSON.stringify(body), { status, headers: { "content-type": "application/problem+json" } });
}

// Next runs this as a request of its own, which costs more than storing a batch does: routes of the API ask for themselves
export const config = {
  matcher: ["/((?!api/v1/|api/2\\.0/|api/3\\.0/|_next/static|_next/image|favicon.ico|icon.svg).*)"],
};
