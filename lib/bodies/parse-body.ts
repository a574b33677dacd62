/** A request's body from its bytes: counted, parsed and held against the contract. Runs in a thread, or beside requests. */
import { type JsonLimits, parseJson } from "../json.ts";
import type { Parsed } from "../parsed.ts";
import { ProblemError, parse } from "../problem.ts";
import { CONFIG_KEYS_MAX } from "../wire/base/config.ts";
import type { Route } from "../wire/base/route.ts";
import { BATCH_POINTS_MAX, BODY_BYTES_MAX } from "../wire/base/words.ts";
import { IMPORT_BYTES_MAX } from "../wire/imports.ts";
import { type Batch, batchFromJson } from "../wire/points/batch.ts";
import { type RouteName, routes } from "../wire/routes.ts";

export type BodyLimits = JsonLimits & { bytesMax: number };

const usual: BodyLimits = { bytesMax: 2 ** 20, keysMax: CONFIG_KEYS_MAX, commasMax: 100_000 };
const large = { bytesMax: BODY_BYTES_MAX, keysMax: 1000 };
const limits: Partial<Record<RouteName, BodyLimits>> = {
  // a diff of the code may be there beside the config
  createRun: { bytesMax: 8 * 2 ** 20, keysMax: 2 * CONFIG_KEYS_MAX, commasMax: 1_100_000 },
  // of one point a group a batch has three numbers for each
  appendMetrics: { ...large, keysMax: 2 * BATCH_POINTS_MAX, commasMax: 4 * BATCH_POINTS_MAX, roundsIntegers: true },
  // the header of a request of at most 64 runs, read beside requests
  importRuns: { bytesMax: IMPORT_BYTES_MAX, keysMax: 20_000, commasMax: 50_000 },
  addDatasetSamples: { ...large, commasMax: 3_000_000 },
  createManifest: { ...large, commasMax: 2_000_000 },
  // a number for each score, up to 20 a row of 200,000
  appendPredictions: { ...large, commasMax: 4_000_000 },
  createEvaluation: { ...usual, bytesMax: 4 * 2 ** 20 },
  createCheckpoint: { ...usual, roundsIntegers: true },
};

export const limitsOf = (route: RouteName): BodyLimits => limits[route] ?? usual;

/** The body of `route` as JSON. Throws `invalid`. */
export function jsonOf(route: RouteName, bytes: Uint8Array): unknown {
  return parseJson(decode(bytes), limitsOf(route));
}

/** The body of `route` as its schema has it; of a batch its columns. Throws `invalid`. */
export function parseBody(route: RouteName, bytes: Uint8Array): Parsed | Batch {
  const { request } = routes[route] as Route;
  const value = parse(request!, jsonOf(route, bytes));
  return route === "appendMetrics" ? batchFromJson(value as Parameters<typeof batchFromJson>[0]) : (value as Parsed);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ProblemError("invalid", `the body is not JSON: ${(cause as Error).message}`, undefined, { cause });
  }
}
