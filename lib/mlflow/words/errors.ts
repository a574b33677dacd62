/** Errors as MLflow's clients know them: a code by name, a message, a status of HTTP. */
import { asProblem, type ProblemKind } from "../../problem.ts";

/** A client tries 5xx again for minutes: what is its own fault is 4xx. */
const statuses = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
  INTERNAL_ERROR: 500,
} as const;
export type ErrorCode = keyof typeof statuses;

export class MlflowError extends Error {
  override name = "MlflowError";
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions & { status?: number },
  ) {
    super(message, options);
    this.status = options?.status ?? statuses[code];
  }
  readonly status: number;

  toJSON() {
    return { error_code: this.code, message: this.message };
  }
}

export const invalidValue = (message: string): MlflowError => new MlflowError("INVALID_PARAMETER_VALUE", message);
export const missing = (message: string): MlflowError => new MlflowError("RESOURCE_DOES_NOT_EXIST", message);

const codes: Record<ProblemKind, ErrorCode> = {
  invalid: "INVALID_PARAMETER_VALUE",
  unauthenticated: "UNAUTHENTICATED",
  forbidden: "PERMISSION_DENIED",
  "not-found": "RESOURCE_DOES_NOT_EXIST",
  conflict: "INVALID_PARAMETER_VALUE",
  gone: "INVALID_PARAMETER_VALUE",
  "too-large": "INVALID_PARAMETER_VALUE",
  "unsupported-type": "INVALID_PARAMETER_VALUE",
  "no-such-range": "INVALID_PARAMETER_VALUE",
  unavailable: "TEMPORARILY_UNAVAILABLE",
  full: "INTERNAL_ERROR",
};

/** Whatever was thrown, as an error of the protocol; one that nobody expected says nothing of what it was. */
export function asMlflowError(error: unknown): MlflowError {
  if (error instanceof MlflowError) return error;
  const problem = asProblem(error);
  if (!problem)
    return new MlflowError("INTERNAL_ERROR", "the server failed to answer; its log says why", { cause: error });
  // 507 is a status that clients don't try again
  const status = problem.kind === "full" ? 507 : problem.kind === "too-large" ? 413 : undefined;
  return new MlflowError(codes[problem.kind], problem.detail, { cause: error, ...(status ? { status } : {}) });
}
