/** What can go wrong for a caller: one class, one shape (RFC 9457), raised by lib and answered as it is by every route. */
import type { z } from "zod";
import { isParsed } from "./bodies/parsed.ts";
import type { Problem } from "./wire.ts";

const titles = {
  invalid: [400, "The request is not valid"],
  unauthenticated: [401, "Sign in, or send a token"],
  forbidden: [403, "Not allowed"],
  "not-found": [404, "Not found"],
  conflict: [409, "In conflict with what is there"],
  gone: [410, "Gone"],
  "too-large": [413, "Too large"],
  "unsupported-type": [415, "Unsupported content type"],
  unavailable: [503, "Not available right now"],
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

/** What PostgreSQL's refusals mean to a caller, by SQLSTATE and by the driver's own codes. */
const databaseProblems: Record<string, readonly [ProblemKind, string]> = {
  "22021": ["invalid", "a text holds a NUL character, which can't be stored"],
  "22P05": ["invalid", "a text holds a NUL character or half of a surrogate pair, which can't be stored"],
  "22P02": ["invalid", "a text holds half of a surrogate pair, which can't be stored"],
  "40001": ["unavailable", "another change came between; send the request again"],
  "40P01": ["unavailable", "another change came between; send the request again"],
  "53300": ["unavailable", "the database has no connection to spare; send the request again"],
  "57P01": ["unavailable", "the database is restarting; send the request again"],
  "57P03": ["unavailable", "the database is starting; send the request again"],
  ECONNREFUSED: ["unavailable", "the database can't be reached; send the request again"],
  ENOENT: ["unavailable", "the database can't be reached; send the request again"],
  CONNECTION_CLOSED: ["unavailable", "the database closed the connection; send the request again"],
  CONNECTION_DESTROYED: ["unavailable", "the database closed the connection; send the request again"],
  CONNECTION_ENDED: ["unavailable", "the server is stopping; send the request again"],
  CONNECT_TIMEOUT: ["unavailable", "the database can't be reached; send the request again"],
};

/** The error as a problem, where it or one of its causes is known as one; null: it is a fault of ours. */
export function asProblem(error: unknown): ProblemError | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof ProblemError) return at;
    const known = databaseProblems[String((at as { code?: unknown }).code)];
    if (known) return new ProblemError(known[0], known[1], undefined, { cause: error });
  }
  return null;
}
