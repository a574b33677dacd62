/**
 * The way to a bucket, by the official SDK: endpoint, region and credentials are what the SDK itself finds (environment,
 * profiles, the machine's own role). It is loaded when a bucket is first asked: who has a folder never pays for it.
 */
import type { S3Client } from "@aws-sdk/client-s3";
import { ProblemError } from "../problem.ts";

export type Sdk = typeof import("@aws-sdk/client-s3");
export type OpenBucket = { client: S3Client; sdk: Sdk };

/** How long a bucket is waited for. */
export type Patience = {
  connectMs: number;
  /** A connection on which nothing moves for so long is given up; a part of a file is asked for again. */
  idleMs: number;
  /** What is asked while a transaction is open, or by somebody who waits for health, is answered by then or not at all. */
  quickMs: number;
};
export const usualPatience: Patience = { connectMs: 5_000, idleMs: 15_000, quickMs: 5_000 };

/** A request is tried so often, with pauses that grow, where the failure may pass. */
const ATTEMPTS = 3;
/** As many requests run at once; others wait. */
const SOCKETS_MAX = 64;

export async function openBucket({ connectMs, idleMs }: Patience = usualPatience): Promise<OpenBucket> {
  // its advice is for whoever changes package.json, and stands on every terminal else
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const sdk = await import("@aws-sdk/client-s3");
  const own = process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL;
  const style = process.env.HOLDOUT_S3_PATH_STYLE;
  const client = new sdk.S3Client({
    // where the SDK finds no region: servers other than Amazon's rarely ask for one
    ...(own && !process.env.AWS_REGION ? { region: "us-east-1" } : {}),
    // and most of them have no host name a bucket
    forcePathStyle: style ? style === "1" : Boolean(own),
    maxAttempts: ATTEMPTS,
    // newer checksums, which other servers refuse; each part's SHA-256 is signed, and the whole is checked when it's read
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: connectMs,
      socketTimeout: idleMs,
      httpAgent: { maxSockets: SOCKETS_MAX },
      httpsAgent: { maxSockets: SOCKETS_MAX },
    },
  });
  return { client, sdk };
}

/** The server's answer in a status; null: there was none. */
export const statusOf = (error: unknown): number | null =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? null;

/** What went wrong at the bucket, with what to do; problems stay what they are. */
export function bucketProblem(error: unknown, place: string): ProblemError {
  if (error instanceof ProblemError) return error;
  const why = reasonOf(error);
  const problem = (detail: string) =>
    new ProblemError("unavailable", `the files' bucket ${place} ${detail}`, undefined, { cause: error });
  const status = statusOf(error);
  if (why === "NoSuchBucket") return problem("isn't there (NoSuchBucket): whoever runs the server makes it");
  if (status === 401 || status === 403 || /credential|token/i.test(why))
    return problem(
      `refuses this server (${why}): whoever runs it mends its credentials (AWS_ACCESS_KEY_ID and the like) or the bucket's policy`,
    );
  if (status !== null && status >= 400 && status < 500 && status !== 408 && status !== 429)
    return problem(`can't do what was asked of it (${why})`);
  if (status !== null) return problem(`can't answer now (${why}); send the request again`);
  return problem(
    `is away (${why}); send the request again. Where that stays so, whoever runs the server looks at AWS_ENDPOINT_URL_S3 and AWS_REGION`,
  );
}

/** A word or two: S3's code of the error, the system's, or what it is called. */
function reasonOf(error: unknown): string {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  const [, inner] = /\b(E[A-Z]{4,})\b/.exec(message ?? "") ?? [];
  const said = code ?? inner ?? name;
  if (name === "TimeoutError" || name === "AbortError") return "no answer in time";
  return said && said !== "Error" ? said : (message ?? String(error)).slice(0, 200);
}
