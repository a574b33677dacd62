/**
 * A live notice: says that something changed, and carries no data. Server-sent events take it to a browser, whose tabs
 * pass it on. Its schema is plain data, without zod: every page reads notices, and zod is 23 kB of script.
 */

/**
 * The fields of each kind, each an id. `run`: this run changed. `reviews`: something of a project's reviews, threads or
 * notifications changed. `resync`: something may be missed; read everything anew.
 */
export const noticeFields = { run: ["run", "project"], reviews: ["project"], resync: [] } as const;

export type NoticeKind = keyof typeof noticeFields;

export type Notice = {
  [Kind in NoticeKind]: { kind: Kind } & Record<(typeof noticeFields)[Kind][number], string>;
}[NoticeKind];

/** A notice, or why what came is none. */
export type NoticeReading = { notice: Notice } | { reason: string };

/** A UUID in text, as every id of the contract is. */
export const isId = (value: unknown): value is string =>
  typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

/** The notice that a value is, without fields of later versions. Never throws. */
export function readNotice(value: unknown): NoticeReading {
  if (typeof value !== "object" || value === null) return { reason: `a notice is an object, received ${typeof value}` };
  const { kind, ...sent } = value as { kind?: unknown } & Record<string, unknown>;
  if (typeof kind !== "string" || !Object.hasOwn(noticeFields, kind)) {
    const kinds = Object.keys(noticeFields).join(" or ");
    return { reason: `a notice is of kind ${kinds}, received ${shortly(kind)}` };
  }
  const fields = noticeFields[kind as NoticeKind];
  const bad = fields.find((field) => !isId(sent[field]));
  if (bad) return { reason: `${bad} of a notice is an id, received ${shortly(sent[bad])}` };
  return { notice: { kind, ...Object.fromEntries(fields.map((field) => [field, sent[field]])) } as Notice };
}

/** The notice that an event's name and data are. Never throws. */
export function readNoticeEvent(kind: string, data: string): NoticeReading {
  try {
    return readNotice({ ...(JSON.parse(data) as object), kind });
  } catch {
    return { reason: `the data of a notice is JSON, received ${shortly(data)}` };
  }
}

/** A notice as a server-sent event. */
export function writeNoticeEvent({ kind, ...fields }: Notice): string {
  return `event: ${kind}\ndata: ${JSON.stringify(fields)}\n\n`;
}

const SHOWN_CHARACTERS = 60;
const shortly = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, SHOWN_CHARACTERS);
