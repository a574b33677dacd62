/** What a command ends with, for scripts. */
import { constants } from "node:os";
import { z } from "zod";
import { Refused, Unreachable } from "../../../lib/sending/answers.ts";
import { Miscalled } from "../../../lib/wire/tools/tool.ts";
import { exitCodeOf, Stopped } from "../commands/context.ts";

/** The command was wrong: no such command, flag or value. */
export class Misused extends Error {}

/** Nobody logged in, and none is given. */
export class NoToken extends Error {}

export const exitWords = `Ends with
  0  done                              5  there is none such, or not for this token
  1  it failed; the message says why   6  in conflict with what is there
  2  the command was wrong             7  the server found a value wrong
  3  no token, or it is unknown        8  the server can't be reached, or failed
  4  the token's scope doesn't allow   9  tail: the run ended otherwise than finished
  What trains ends with 0 or 1, referee with 0 keep, 10 discard, 11 run again, 12 refused; a signal with 128 and its number`;

const ofStatus: Record<number, number> = { 401: 3, 403: 4, 404: 5, 410: 5, 409: 6, 400: 7, 413: 7, 415: 7, 422: 7 };

export function exitOf(error: unknown): number {
  if (error instanceof Stopped) return exitCodeOf(error.signal);
  if (error instanceof NoToken) return 3;
  if (error instanceof Misused || error instanceof Miscalled || error instanceof z.ZodError) return 2;
  if (error instanceof Refused) return ofStatus[error.status] ?? 1;
  return error instanceof Unreachable ? 8 : 1;
}

/** Null: nothing is to be said. */
export function wordsOfEnd(error: unknown): string | null {
  if (error instanceof Stopped) return null;
  if (error instanceof z.ZodError)
    return error.issues.map(({ path, message }) => `${path.join(".") || "input"}: ${message}`).join("\n");
  return error instanceof Error ? error.message : String(error);
}

/** A reader that went away (`| head`) ends the command as it ends others, without a word. */
export const BROKEN_PIPE_EXIT = 128 + constants.signals.SIGPIPE;
