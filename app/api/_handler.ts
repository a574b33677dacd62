/** What every route handler shares: who asks, what the body is, and how an error is answered. */
import { Readable } from "node:stream";
import type { Actor } from "@/lib/access/actor.ts";
import { memberFromHeaders } from "@/lib/access/sign-in.ts";
import { tokenActor } from "@/lib/access/tokens.ts";
import { noteFullDisk } from "@/lib/health.ts";
import { asProblem, ProblemError } from "@/lib/problem.ts";
import { type ForeignRequest, foreignRequest } from "@/lib/request-origin.ts";
import { decodeParams, type Params } from "./_params.ts";

export type ApiCall<P extends Params> = { actor: Actor; request: Request; params: P; query: URLSearchParams };

/** A route handler: finds the actor, calls `answer`, and turns what it returns or throws into a response. */
export function handle<P extends Params>(answer: (asked: ApiCall<P>) => Promise<Response | object>) {
  return async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    try {
      const foreign = foreignRequest(request);
      if (foreign) return refuseForeign(foreign);
      const actor = await requireActor(request);
      // Next.js gives a route without parts in brackets no params at all
      const params = decodeParams(request.url, (await context.params) ?? {}) as P;
      const answered = await answer({ actor, request, params, query: new URL(request.url).searchParams });
      return answered instanceof Response
        ? sealed(answered)
        : Response.json(answered, { headers: { "cache-control": "no-store", ...nosniff } });
    } catch (error) {
      return answerProblem(error, request);
    }
  };
}

const nosniff = { "x-content-type-options": "nosniff" };

/** What is answered is what its type says, and never a page. */
function sealed(response: Response): Response {
  for (const [name, value] of Object.entries({ ...nosniff, "content-security-policy": "default-src 'none'; sandbox" }))
    if (!response.headers.has(name)) response.headers.set(name, value);
  return response;
}

function refuseForeign({ status, ...words }: ForeignRequest): Response {
  const body = JSON.stringify({ type: "urn:holdout:problem:origin", status, ...words });
  return new Response(body, { status, headers: { "content-type": "application/problem+json", ...nosniff } });
}

/** The token of `Authorization`, or else the member of the session cookie. Throws `unauthenticated`. */
async function requireActor(request: Request): Promise<Actor> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
    const actor = token ? await tokenActor(token) : null;
    if (actor) return actor;
    throw new ProblemError("unauthenticated", "The token is unknown or revoked; send Authorization: Bearer <token>.");
  }
  const member = await memberFromHeaders(request.headers);
  if (member) return member;
  throw new ProblemError("unauthenticated", "Sign in, or send Authorization: Bearer <token>.");
}

export function answerProblem(error: unknown, request: Request): Response {
  const known = asProblem(error);
  noteFullDisk(error);
  if (!known || known.status >= 500)
    console.error(`holdout: ${request.method} ${new URL(request.url).pathname}:`, error);
  const problem = known?.toJSON() ?? {
    type: "urn:holdout:problem:internal",
    title: "Something went wrong here",
    status: 500,
    detail: "The server failed to answer; its log says why. Nothing was half written.",
  };
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...nosniff },
  });
}

/** An answer that is written as it is read. The first piece is read before it begins: a refusal is a problem then. */
export async function streamed(
  pieces: AsyncGenerator<string | Uint8Array>,
  headers: Record<string, string>,
): Promise<Response> {
  const first = await pieces.next();
  const encoder = new TextEncoder();
  const bytes = (piece: string | Uint8Array) => (typeof piece === "string" ? encoder.encode(piece) : piece);
  const all = async function* () {
    if (!first.done) yield bytes(first.value);
    for await (const piece of pieces) yield bytes(piece);
  };
  return new Response(Readable.toWeb(Readable.from(all())) as ReadableStream, { headers });
}

/** `value`, or a `not-found` problem that says what was looked for. */
export function orNotFound<T>(value: T | null, what: string): T {
  if (value === null) throw new ProblemError("not-found", `there is no ${what} that you may read`);
  return value;
}
