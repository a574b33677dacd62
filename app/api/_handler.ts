/** What every route handler shares: who asks, what the body is, and how an error is answered. */
import { Readable } from "node:stream";
import type { Actor } from "@/lib/access/actor.ts";
import { memberFromHeaders } from "@/lib/access/sign-in.ts";
import { tokenActor } from "@/lib/access/tokens.ts";
import { noteFullDisk } from "@/lib/health.ts";
import { currentRequest, logError } from "@/lib/log.ts";
import { asProblem, ProblemError } from "@/lib/problem.ts";
import { type ForeignRequest, foreignRequest } from "@/lib/request-origin.ts";
import { decodeParams, type Params } from "./_params.ts";

export type ApiCall<P extends Params> = { actor: Actor; request: Request; params: P; query: URLSearchParams };

/**
 * A route handler: finds the actor, calls `answer`, and turns what it returns or throws into a response. `anyHost`: may be asked
 * by whatever name the server has, as programs beside it do.
 */
export function handle<P extends Params>(
  answer: (asked: ApiCall<P>) => Promise<Response | object>,
  { anyHost = false } = {},
) {
  return async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    try {
      const foreign = foreignRequest(request);
      if (foreign && !(anyHost && foreign.status === 421)) return refuseForeign(foreign);
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
  if (!known || known.status >= 500) logError(`${request.method} ${placeOf(request)}`, error);
  const problem = known?.toJSON() ?? {
    type: "urn:holdout:problem:internal",
    title: "Something went wrong here",
    status: 500,
    detail: "The server failed to answer; its log says why. Nothing was half written.",
  };
  const id = problem.status >= 500 ? request.headers.get("x-request-id") : null;
  return new Response(JSON.stringify(id === null ? problem : { ...problem, request: id }), {
    status: problem.status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...nosniff },
  });
}

/** The route, or where nobody named it the path: addresses hold what programs made up. */
const placeOf = (request: Request): string => currentRequest()?.route ?? new URL(request.url).pathname;

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
