/** The audit as people read it: by whom, what and when, with the names of what was acted on. */
import type { Actor } from "../access/actor.ts";
import { type AuditFilter, type AuditQuery, type AuditRow, auditFilterSchema, listAudit } from "../access/audit.ts";
import { toCsv } from "../csv.ts";
import { parse } from "../problem.ts";
import { findEmails, findSubjectNames, kindOf, type SubjectName } from "./audit-names.ts";

export type NamedAuditRow = AuditRow & {
  /** `run`, `project`, `member` … */
  kind: string;
  /** Of the member who did it; null of machines, and of who is removed. */
  actorEmail: string | null;
  /** Null where nothing with that id is left. */
  named: SubjectName | null;
  /** Null where the act concerns no project, or one of which nothing is left. */
  project: SubjectName | null;
};

/** A page of the audit, the newest first. */
export async function readAuditPage(
  actor: Actor,
  query: AuditQuery = {},
): Promise<{ rows: NamedAuditRow[]; next: string | null }> {
  const { rows, next } = await listAudit(actor, query);
  const projectOf = ({ projectId }: AuditRow) => (projectId ? [`project:${projectId}`] : []);
  const names = await findSubjectNames(rows.flatMap((row) => [row.subject, ...projectOf(row)]));
  const emails = await findEmails(rows.map((row) => row.actor));
  return {
    rows: rows.map((row) => ({
      ...row,
      actorEmail: emails.get(row.actor) ?? null,
      kind: kindOf(row.subject),
      named: names.get(row.subject) ?? null,
      project: names.get(projectOf(row)[0] ?? "") ?? null,
    })),
    next,
  };
}

/** Who an actor of the audit is: their name, with the address of a member; of who is gone the name that an act noted. */
export async function describeActor(actor: Actor, who: string): Promise<string> {
  const [last] = (await listAudit(actor, { actor: who, size: 1 })).rows;
  const name = (await findSubjectNames([who])).get(who)?.name ?? last?.actorName ?? who;
  const email = (await findEmails([who])).get(who);
  return email === undefined ? name : `${name}, ${email}`;
}

/** Most rows of an export. */
export const AUDIT_EXPORT_MAX = 10_000;

/** The newest 10,000 rows that match, as CSV for people. */
export async function exportAudit(actor: Actor, filter: AuditFilter): Promise<string> {
  const { rows } = await readAuditPage(actor, { ...parse(auditFilterSchema, filter), size: AUDIT_EXPORT_MAX });
  return toCsv(
    ["time", "who", "e-mail", "actor", "what", "of what", "subject", "project", "from", "to", "detail"],
    rows.map(({ at, actorName, actorEmail, actor: by, action, named, subject, project, detail }) => [
      at,
      actorName,
      actorEmail,
      by,
      action,
      named?.name ?? null,
      subject,
      project?.name ?? null,
      ...[detail.from, detail.to].map((value) => (value === undefined ? null : JSON.stringify(value))),
      JSON.stringify(detail),
    ]),
  );
}
