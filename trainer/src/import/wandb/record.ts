/** What a record of a `.wandb` file says, of the messages of W&B's `wandb_internal.proto`. */
import type { Json } from "../../../../lib/wire/base/config.ts";
import { jsonOf } from "../python.ts";
import { allOf, type Field, fieldsOf, lastOf, textOf } from "../wire.ts";

/** A key with its value; `key` of nested values has dots. */
export type Item = { path: string[]; value: Json };

export type RunWords = {
  id: string;
  entity: string;
  project: string;
  group: string;
  jobType: string;
  name: string;
  notes: string;
  tags: string[];
  sweep: string;
  host: string;
  /** Milliseconds since 1970. */
  startedAt: number | null;
  remote: string;
  commit: string;
};

export type Said =
  | { kind: "run"; run: RunWords; config: Item[] }
  | { kind: "history"; step: number | null; items: Item[] }
  | { kind: "summary"; items: Item[]; removed: string[][] }
  | { kind: "config"; items: Item[]; removed: string[][] }
  | { kind: "stats"; time: number | null; items: Item[] }
  | { kind: "console"; text: string }
  | { kind: "environment"; program: string; args: string[]; host: string; user: string }
  | { kind: "exit"; code: number }
  /** What has no place here, and is counted. */
  | { kind: "other"; what: string }
  | null;

const others: Record<number, string> = {
  8: "artifacts",
  9: "links to TensorBoard's files",
  10: "alerts",
  25: "uses of artifacts",
};

/** Null for records that say nothing of a run's content. Throws a RangeError or SyntaxError for bytes that are no record. */
export function saidBy(bytes: Uint8Array): Said {
  for (const field of fieldsOf(bytes)) {
    const read = readers[field.number];
    if (read) return read(fieldsOf(field.bytes));
    const what = others[field.number];
    if (what) return { kind: "other", what };
  }
  return null;
}

const readers: Record<number, (fields: Field[]) => Said> = {
  2: (fields) => ({ kind: "history", items: itemsOf(fields, 1), step: stepOf(fields) }),
  3: (fields) => ({ kind: "summary", ...changes(fields) }),
  4: (fields) => ({ kind: "console", text: words(fields, 3) }),
  5: (fields) => ({ kind: "config", ...changes(fields) }),
  7: (fields) => ({ kind: "stats", time: timeIn(fields, 2), items: itemsOf(fields, 3) }),
  13: (fields) => ({ kind: "console", text: words(fields, 3) }),
  17: runOf,
  18: (fields) => ({ kind: "exit", code: lastOf(fields, 1)?.integer ?? 0 }),
  26: (fields) => ({
    kind: "environment",
    program: words(fields, 6),
    args: allOf(fields, 5).map(({ bytes }) => textOf(bytes)),
    host: words(fields, 12),
    user: words(fields, 13),
  }),
};

function runOf(fields: Field[]): Said {
  const git = within(fields, 21);
  const run: RunWords = {
    id: words(fields, 1),
    entity: words(fields, 2),
    project: words(fields, 3),
    group: words(fields, 6),
    jobType: words(fields, 7),
    name: words(fields, 8),
    notes: words(fields, 9),
    tags: allOf(fields, 10).map(({ bytes }) => textOf(bytes)),
    sweep: words(fields, 12),
    host: words(fields, 13),
    startedAt: timeIn(fields, 17),
    remote: words(git, 1),
    commit: words(git, 2),
  };
  return { kind: "run", run, config: itemsOf(within(fields, 4), 1) };
}

const changes = (fields: Field[]): { items: Item[]; removed: string[][] } => ({
  items: itemsOf(fields, 1),
  removed: allOf(fields, 2).map(({ bytes }) => pathOf(fieldsOf(bytes))),
});

const itemsOf = (fields: Field[], number: number): Item[] =>
  allOf(fields, number).map(({ bytes }) => {
    const item = fieldsOf(bytes);
    return { path: pathOf(item), value: jsonOf(words(item, 16) || "null") as Json };
  });

/** A nested key comes in parts, or as one. */
function pathOf(item: Field[]): string[] {
  const nested = allOf(item, 2).map(({ bytes }) => textOf(bytes));
  return nested.length > 0 ? nested : [words(item, 1)];
}

function stepOf(fields: Field[]): number | null {
  const step = lastOf(fields, 2);
  return step ? (lastOf(fieldsOf(step.bytes), 1)?.integer ?? 0) : null;
}

/** google.protobuf.Timestamp. */
function timeIn(fields: Field[], number: number): number | null {
  const time = within(fields, number);
  const seconds = lastOf(time, 1)?.integer ?? 0;
  return seconds > 0 ? seconds * 1000 + Math.round((lastOf(time, 2)?.integer ?? 0) / 1e6) : null;
}

const within = (fields: Field[], number: number): Field[] =>
  fieldsOf(lastOf(fields, number)?.bytes ?? new Uint8Array());
const words = (fields: Field[], number: number): string => textOf(lastOf(fields, number)?.bytes ?? new Uint8Array());
