/** What every command is given, and how a signal ends it. */
import { constants } from "node:os";
import type { Target } from "../client/http.ts";

export type CommandContext = {
  target: Target;
  spoolDir: string;
  /** Whether commit and diff are captured. */
  code: boolean;
  /** The server isn't asked for anything before a training; what comes of it is delivered when it is there. */
  offline: boolean;
  /** Aborted by SIGINT and SIGTERM, with the signal's name as its reason. */
  signal: AbortSignal;
};

/** A signal ended the program before it had a run to end. */
export class Stopped extends Error {
  constructor(readonly signal: string) {
    super(`stopped by ${signal}`);
  }
}

/** As shells count: 128 and the signal's number. */
export const exitCodeOf = (signal: string): number => 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);

/** What `work` promises; once a signal came, its failure is no error but a stop. */
export async function unlessStopped<T>({ signal }: CommandContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw signal.aborted ? new Stopped(String(signal.reason)) : error;
  }
}
