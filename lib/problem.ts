/** What can go wrong for a caller: one class, one shape (RFC 9457), raised by lib and answered as it is by every route. */
import type { z } from "zod";
import { isParsed } from "./parsed.ts";
import type { Problem } from "./wire/base/problem.ts";

const titles = {
  invalid: [400, "The request is not valid"],
  unauthenticated: [401, "Sign in, or send a token"],
  forbidden: [403, "Not allowed"],
  "not-found": [404, "Not found"],
  conflict: [409, "In conflict with what is there"],
  gone: [410, "Gone"],
  "too-large": [413, "Too large"],
  "unsupported-type": [415, "Unsupported content type"],
  "no-such-range": [416, "No such part of the file"],
  unavailable: [503, "Not available right now"],
  full: [507, "The disk of the server is full"],
} as const satisfies Record<string, readonly [number, string]>;
export type ProblemKind = keyof typeof titles;

export type FieldError = { field: string; detail: string };

/** An error that its caller can mend. `detail` says what was wrong, the offending value and what would be right. */
export class ProblemError extends Error {
  readonly status: number;
  readonly title: string;

  constructor(
    readonly kind: ProblemKind,
    readonly detail: string,
    readonly errors?: FieldError[],
    options?: ErrorOptions,
  ) {
    super(detail, options);
    this.name = "ProblemError";
    [this.status, this.title] = titles[kind];
  }

  toJSON(): Problem {
    const { kind, status, title, detail, errors } = this;
    return { type: `urn:holdout:problem:${kind}`, title, status, detail, ...(errors ? { errors } : {}) };
  }
}

/** One field of a request is wrong; `detail` goes on after its name. */
export const invalid = (field: string, detail: string): ProblemError =>
  new ProblemError("invalid", `${field}: ${detail}`, [{ field, detail }]);

/** `value` as `schema` has it; throws `invalid` naming each field that is not. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  if (isParsed(schema, value)) return value as z.output<Schema>;
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const errors = result.error.issues.slice(0, 20).map((issue) => ({
    field: issue.path.join(".") || "body",
    detail: withReceived(issue.message, issue.input),
  }));
  throw new ProblemError("invalid", errors.map((error) => `${error.field}: ${error.detail}`).join("; "), errors, {
    cause: result.error,
  });
}

function withReceived(message: string, input: unknown): string {
  if (message.includes("received") || input === undefined || typeof input === "object") return message;
  const text = JSON.stringify(input) ?? String(input);
  return `${message}, received ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`;
}

type Known = readonly [ProblemKind, string];
const again = "send the request again";
const away = (why: string): Known => ["unavailable", `the database is away (${why}); ${again}`];
const full: Known = ["full", `the disk of the server is full; free some space there, then ${again}`];

/** What PostgreSQL's refusals mean to a caller, by SQLSTATE or its class, and by the codes of the driver and of Node. */
const knownProblems: Record<string, Known> = {
  "08": away("the connection broke"),
  "22021": ["invalid", "a text holds a NUL character, which can't be stored"],
  "22P05": ["invalid", "a text holds a NUL character or half of a surrogate pair, which can't be stored"],
  "22P02": ["invalid", "a text holds half of a surrogate pair, which can't be stored"],
  "40001": ["unavailable", `another change came between; ${again}`],
  "40P01": ["unavailable", `another change came between; ${again}`],
  "53": ["unavailable", `the database has no memory or connection to spare; ${again}`],
  "53100": full,
  "53300": ["unavailable", `the database has no connection to spare; ${again}`],
  "55P03": ["unavailable", `another change takes long; ${again}`],
  "57014": ["unavailable", `the database didn't finish in time; ${again}`],
  "57P": away("it is being restarted"),
  "57P03": away("it is starting"),
  "58": away("it can't read or write its files; its log says why"),
  CONNECTION_CLOSED: away("it closed the connection"),
  CONNECTION_DESTROYED: away("the connection was given up"),
  CONNECTION_ENDED: ["unavailable", `the server is stopping; ${again}`],
  CONNECT_TIMEOUT: away("it can't be reached"),
  ENOSPC: full,
  EDQUOT: full,
  EMFILE: ["unavailable", `the server has too many files open; ${again}`],
  ENFILE: ["unavailable", `the server has too many files open; ${again}`],
  EROFS: ["unavailable", "the server's data folder can't be written: its disk is read-only"],
};
/** Codes of a socket: the database's, since a request's own leaves nobody to answer to. */
const socketCodes = /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|E(HOST|NET)UNREACH|ENOTFOUND|EAI_AGAIN)$/;

function whatIsKnown({ code, syscall }: { code?: unknown; syscall?: unknown }): Known | undefined {
  const name = String(code);
  // a missing socket file is a database that isn't there; any other missing file is a fault of ours
  if (socketCodes.test(name) || (name === "ENOENT" && syscall === "connect")) return away("it can't be reached");
  const isSqlState = /^[0-9A-Z]{5}$/.test(name);
  return (
    knownProblems[name] ??
    (isSqlState ? (knownProblems[name.slice(0, 3)] ?? knownProblems[name.slice(0, 2)]) : undefined)
  );
}

/** The error as a problem, where it or one of its causes is known as one; null: it is a fault of ours. */
export function asProblem(error: unknown): ProblemError | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof ProblemError) return at;
    const known = whatIsKnown(at as { code?: unknown; syscall?: unknown });
    if (known) return new ProblemError(known[0], known[1], undefined, { cause: error });
  }
  return null;
}
