/** What an answer of the server means to who sends: it counts, sending again makes sense, or it will not change. */
import { type Problem, problemSchema } from "../wire/base/problem.ts";

/** No answer that counts: network, time, or a server that is busy. The same request may be sent again. */
export class Unreachable extends Error {
  override name = "Unreachable";
  constructor(
    message: string,
    /** How long the server asked to wait, in milliseconds. */
    readonly retryAfterMs: number | null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The server answered no. The same request gets the same answer until somebody changes something. */
export class Refused extends Error {
  override name = "Refused";
  constructor(
    readonly status: number,
    readonly problem: Problem | null,
    message: string,
  ) {
    super(message);
  }
}

export type RawAnswer = { status: number; statusText: string; retryAfter: string | null; text: string };

/** The parsed answer to a request (`asked`: its method and path) of the server at `url`; throws `Unreachable` or `Refused`. */
export function readAnswer(url: string, asked: string, { status, statusText, retryAfter, text }: RawAnswer): unknown {
  const answer = parsed(text);
  const problem = problemSchema.safeParse(answer).data ?? null;
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    throw new Unreachable(`${url} answered ${status}${problem ? `: ${problem.detail}` : ""}`, waitOf(retryAfter));
  const isOk = status >= 200 && status < 300;
  if (isOk && answer !== undefined) return answer;
  if (isOk) throw new Unreachable(`${url} answered ${status} with something that isn't JSON`, null);
  throw new Refused(status, problem, `${asked}: ${status} ${problem?.detail ?? statusText}`.trim());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds or an HTTP date, as milliseconds from now; at most five minutes, so that a wrong clock stops nothing. */
function waitOf(header: string | null): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 300_000) : null;
}

const hopeless = [400, 409, 410, 413, 415, 422];

/** Whether no waiting mends a refusal: what was refused is set aside, and what is behind it goes on. */
export const isHopeless = (error: unknown): error is Refused =>
  error instanceof Refused && hopeless.includes(error.status);

/** Equal jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): 100 ms doubling to 10 s, halved at random. */
export function backoffMs(failures: number): number {
  const ceiling = Math.min(10_000, 100 * 2 ** Math.min(failures - 1, 10));
  return ceiling * (0.5 + Math.random() / 2);
}

/** How long to wait after an error of a delivery, in milliseconds. Anything else than the two is thrown on. */
export function pauseAfter(error: unknown, failures: number): number {
  if (error instanceof Unreachable) return Math.max(error.retryAfterMs ?? backoffMs(failures), 50);
  if (error instanceof Refused) return 30_000;
  throw error;
}
