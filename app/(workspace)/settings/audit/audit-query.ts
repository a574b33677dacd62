/** What an address asks of the audit. Pure. */
import type { AuditFilter } from "@/lib/access/audit.ts";

export type Params = Partial<Record<string, string | string[]>>;
export type AuditView = {
  /** Whose acts; `everybody`'s where the address says so. */
  by: "people" | "machines" | "everybody";
  who: string;
  /** One of them, as `member:ID`; empty: all. */
  actor: string;
  what: string;
  /** A project's id; empty: of all. */
  project: string;
  /** `2026-01-31`; empty: no bound. */
  from: string;
  until: string;
  before: string | undefined;
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const actorPattern = /^(system|(member|token):[\w-]{1,100})$/;

/** What can't be is left out: an address is never refused. */
export function readAuditView(params: Params): AuditView {
  const textOf = (name: string) => (typeof params[name] === "string" ? params[name].slice(0, 200) : "");
  const dayOf = (name: string) => (isDay(textOf(name)) ? textOf(name) : "");
  const by = textOf("by");
  const before = textOf("before");
  return {
    by: by === "machines" || by === "everybody" ? by : "people",
    who: textOf("who"),
    actor: actorPattern.test(textOf("actor")) ? textOf("actor") : "",
    what: textOf("what"),
    project: uuid.test(textOf("project")) ? textOf("project") : "",
    from: dayOf("from"),
    until: dayOf("until"),
    before: uuid.test(before) ? before : undefined,
  };
}

/** A day that there is: 2026-02-30 is none. */
const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;

/** The filter of a view, without what it doesn't say. */
export function filterOf({ by, who, actor, what, project, from, until }: AuditView): AuditFilter {
  const filter: AuditFilter = {};
  if (by !== "everybody") filter.by = by;
  if (who !== "") filter.who = who;
  if (actor !== "") filter.actor = actor;
  if (what !== "") filter.what = what;
  if (project !== "") filter.project = project;
  if (from !== "") filter.from = from;
  if (until !== "") filter.until = until;
  return filter;
}

/** The address of a view, with something else of it changed. */
export function queryOf(view: AuditView, change: Partial<AuditView> = {}): URLSearchParams {
  const { by, ...rest } = { ...view, ...change };
  const query = new URLSearchParams();
  if (by !== "people") query.set("by", by);
  for (const [name, value] of Object.entries(rest)) if (value) query.set(name, value);
  return query;
}
