/** The plugin hparams: hyperparameters, start and end of a run, in the metadata of values that are otherwise empty. */
import type { Json } from "../../../../lib/wire/base/config.ts";
import { allOf, doubleOf, type Field, fieldsOf, lastOf, textOf } from "../wire.ts";

export const HPARAMS = "hparams";

export type Session = {
  hparams: [string, Json][];
  group: string;
  /** Seconds since 1970; null: not said. */
  startedAt: number | null;
  endedAt: number | null;
  /** 0 unknown, 1 success, 2 failure, 3 running; null: no end is said. */
  status: number | null;
};

export const emptySession = (): Session => ({ hparams: [], group: "", startedAt: null, endedAt: null, status: null });

/** Adds what a value of the plugin says; the others of its kinds describe what an experiment may hold, and are passed over. */
export function addSession(session: Session, content: Uint8Array): void {
  for (const { number, bytes } of fieldsOf(content)) {
    if (number === 3) {
      const start = fieldsOf(bytes);
      session.hparams = allOf(start, 1).flatMap((entry) => entryOf(fieldsOf(entry.bytes)));
      session.group = wordsIn(start, 4);
      session.startedAt = secondsIn(start, 5) ?? session.startedAt;
    } else if (number === 4) {
      const end = fieldsOf(bytes);
      session.status = lastOf(end, 1)?.integer ?? 0;
      session.endedAt = secondsIn(end, 2);
    }
  }
}

function entryOf(entry: Field[]): [string, Json][] {
  const value = lastOf(entry, 2);
  return [[wordsIn(entry, 1), value ? jsonOf(fieldsOf(value.bytes)) : null]];
}

/** google.protobuf.Value. A number that JSON hasn't is its word. */
function jsonOf(value: Field[]): Json {
  for (const { number, integer, bytes } of value) {
    if (number === 2) return finiteOr(doubleOf(bytes));
    if (number === 3) return textOf(bytes);
    if (number === 4) return integer !== 0;
    if (number === 5)
      return Object.fromEntries(allOf(fieldsOf(bytes), 1).flatMap((one) => entryOf(fieldsOf(one.bytes))));
    if (number === 6) return allOf(fieldsOf(bytes), 1).map((one) => jsonOf(fieldsOf(one.bytes)));
  }
  return null;
}

const finiteOr = (number: number): Json => (Number.isFinite(number) ? number : String(number));
const wordsIn = (fields: Field[], number: number): string => textOf(lastOf(fields, number)?.bytes ?? new Uint8Array());

function secondsIn(fields: Field[], number: number): number | null {
  const field = lastOf(fields, number);
  return field && field.bytes.length === 8 ? doubleOf(field.bytes) : null;
}
