/** What a worker asks the server: who it is, what comes next, whether to go on, and what became of it. */

import { Refused, Unreachable } from "../../../lib/sending/answers.ts";
import {
  type ClaimAnswer,
  type ClaimedTrial,
  claimAnswerSchema,
  type Renewal,
  renewalSchema,
  type Tell,
  type WorkerCreate,
  workerSchema,
} from "../../../lib/wire/studies/trials.ts";
import { ask } from "../client/ask.ts";
import { json, send, type Target } from "../client/http.ts";

export async function registerWorker(target: Target, worker: WorkerCreate, signal: AbortSignal): Promise<string> {
  const answer = await ask(target, { method: "POST", path: "/api/v1/workers", ...json(worker), signal });
  return workerSchema.parse(answer).id;
}

/** Null: the server isn't there right now. */
export async function claimTrial(target: Target, worker: string, signal: AbortSignal): Promise<ClaimAnswer | null> {
  try {
    const sent = { method: "POST", path: "/api/v1/trials/claim", ...json({ worker }), signal } as const;
    return claimAnswerSchema.parse(await send(target, sent));
  } catch (error) {
    if (error instanceof Unreachable) return null;
    throw error;
  }
}

/** `lost`: another holds the trial, or it has ended. Null: the server isn't there, and the lease isn't counted meanwhile. */
export async function renewLease(
  target: Target,
  { trial, lease }: ClaimedTrial,
): Promise<Renewal["signal"] | "lost" | null> {
  try {
    const path = `/api/v1/trials/${trial}/renew`;
    return renewalSchema.parse(await send(target, { method: "POST", path, ...json({ lease }) })).signal;
  } catch (error) {
    if (error instanceof Unreachable) return null;
    if (error instanceof Refused) return "lost";
    throw error;
  }
}

/** Says how a trial ended, for as long as the server isn't there. Returns whether the lease still held. */
export async function tellTrial(target: Target, { trial, lease }: ClaimedTrial, tell: Omit<Tell, "lease">) {
  for (;;) {
    try {
      await ask(target, { method: "POST", path: `/api/v1/trials/${trial}/tell`, ...json({ ...tell, lease }) });
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      if (!(error instanceof Unreachable)) throw error;
    }
  }
}
