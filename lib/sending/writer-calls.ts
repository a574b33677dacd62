/** What a writer asks of the server, in this order: registration, batches by their numbers, signs of life, the end. */
import { BATCH_CONTENT_TYPE, type BatchAnswer, batchAnswerSchema, batchRoutes } from "../wire/points/batch.ts";
import { type RunFinish, runsRoutes, type WriterCreate, writerSchema } from "../wire/runs.ts";
import { Unreachable } from "./answers.ts";

export type WriterRequest = { method: "POST"; path: string; body: string | Uint8Array; contentType: string };

/** Sends one request, whichever way. Resolves to the parsed answer; rejects with `Unreachable` or `Refused`. */
export type Send = (sent: WriterRequest) => Promise<unknown>;

/** A sign of life goes out this often: a run is lost after a minute without one. */
export const HEARTBEAT_MS = 10_000;

const routes = { ...runsRoutes, ...batchRoutes };

const asJson = (name: "createWriter" | "heartbeat" | "finishRun", run: string, value: unknown): WriterRequest => ({
  method: "POST",
  path: pathOf(name, run),
  body: JSON.stringify(value),
  contentType: "application/json",
});

const pathOf = (name: keyof typeof routes, run: string): string => routes[name].path.replace("{run}", run);

/** Registers a writer, and resolves to the highest number of its batches that the server has. May be repeated. */
export async function registerWriter(send: Send, run: string, registration: WriterCreate): Promise<number> {
  const answer = await send(asJson("createWriter", run, registration));
  return expected(writerSchema.safeParse(answer)).sequenceStored;
}

/** Delivers a batch in its binary form; once it resolves, the server has stored it. May be repeated with the same bytes. */
export async function deliverBatch(send: Send, run: string, bytes: Uint8Array): Promise<BatchAnswer> {
  const path = pathOf("appendMetrics", run);
  const answer = await send({ method: "POST", path, body: bytes, contentType: BATCH_CONTENT_TYPE });
  const outcome = expected(batchAnswerSchema.safeParse(answer));
  if (!outcome.stored && !outcome.duplicate) throw new Unreachable("the server hasn't stored the batch", null);
  return outcome;
}

/** Tells the server that the writer lives, and how many points it gave up. */
export const sendHeartbeat = async (send: Send, run: string, writer: string, pointsLost: number): Promise<void> =>
  void (await send(asJson("heartbeat", run, { writer, pointsLost })));

/** Ends the run. May be repeated. */
export const sendFinish = async (send: Send, run: string, finish: RunFinish): Promise<void> =>
  void (await send(finishRequest(run, finish)));

/** The request of `sendFinish`, for who can't wait for its answer. */
export const finishRequest = (run: string, finish: RunFinish): WriterRequest => asJson("finishRun", run, finish);

/** What an answer was parsed to. Throws `Unreachable` where it wasn't Holdout's: something else may stand at the address. */
export function expected<T>(result: { success: true; data: T } | { success: false; error: Error }): T {
  if (result.success) return result.data;
  throw new Unreachable("the answer isn't Holdout's; is the address right?", null, { cause: result.error });
}
