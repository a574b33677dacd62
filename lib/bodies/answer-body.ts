/** What the thread that parses bodies answers: the value, or why there is none. */
import type { Transferable } from "node:worker_threads";
import type { Parsed } from "../parsed.ts";
import { ProblemError } from "../problem.ts";
import type { Batch } from "../wire/points/batch.ts";
import type { RouteName } from "../wire/routes.ts";
import { parseBody } from "./parse-body.ts";

export type BodyAnswer = { value: Parsed | Batch } | { refusal: Pick<ProblemError, "kind" | "detail" | "errors"> };

export function answerOf(route: RouteName, bytes: Uint8Array): { answer: BodyAnswer; transfer: Transferable[] } {
  try {
    const value = parseBody(route, bytes);
    return { answer: { value }, transfer: route === "appendMetrics" ? buffersOf(value as Batch) : [] };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { kind, detail, errors } = error;
    return { answer: { refusal: { kind, detail, errors } }, transfer: [] };
  }
}

const buffersOf = ({ groups }: Batch): ArrayBuffer[] =>
  groups.flatMap(({ steps, times, metrics }) =>
    [steps, times, ...metrics.values()].map(({ buffer }) => buffer as ArrayBuffer),
  );
