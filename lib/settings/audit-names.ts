/** What the subjects of the audit are called now; of what is purged, what its tombstone says. */
import { inArray, type SQL, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { users } from "../../db/schema/people.ts";
import { memberIn } from "../access/actor.ts";

/** `slug`: of the project that it stands in, or is. `number`: its own there, by which its address names it. */
export type SubjectName = { name: string; slug: string | null; number: number | null };

/** The rows of the ids: `id`, `name`, `slug`, `number`. */
type Lookup = (ids: SQL) => SQL;
const none = sql`null::int`;

const inProject =
  (table: SQL, name: SQL, number = none): Lookup =>
  (ids) =>
    sql`select x.id::text as id, ${name} as name, p.slug as slug, ${number} as number
      from ${table} x join projects p on p.id = x.project_id where x.id = any(${ids}::uuid[])`;
const alone =
  (table: SQL, name: SQL, id = sql`id`, type = sql`uuid`): Lookup =>
  (ids) =>
    sql`select x.${id}::text as id, ${name} as name, null::text as slug, ${none} as number
      from ${table} x where x.${id} = any(${ids}::${type}[])`;

/** Of a kind that can be purged: its tombstone. */
const purged =
  (kind: "run" | "project"): Lookup =>
  (ids) =>
    sql`select x.id::text as id, x.name as name, null::text as slug, ${none} as number
      from tombstones x where x.kind = ${kind} and x.id = any(${ids}::uuid[])`;

const lookups: Record<string, Lookup[]> = {
  run: [inProject(sql`runs`, sql`x.name`), purged("run")],
  project: [
    (ids) => sql`select id::text as id, name, slug, ${none} as number from projects where id = any(${ids}::uuid[])`,
    purged("project"),
  ],
  member: [alone(sql`users`, sql`x.name`, sql`id`, sql`text`)],
  token: [inProject(sql`tokens`, sql`x.name`)],
  dataset: [alone(sql`datasets`, sql`x.name || ' ' || x.version`)],
  manifest: [
    (
      ids,
    ) => sql`select distinct on (m.manifest_id) m.manifest_id as id, m.name as name, p.slug as slug, ${none} as number
      from manifest_registrations m join projects p on p.id = m.project_id where m.manifest_id = any(${ids}::text[])`,
  ],
  link: [alone(sql`links`, sql`coalesce(x.email, 'a link for anyone')`)],
  view: [inProject(sql`saved_views`, sql`x.name`)],
  study: [inProject(sql`studies`, sql`x.title`, sql`x.number`)],
  review: [inProject(sql`reviews`, sql`x.title`, sql`x.number`)],
  thread: [inProject(sql`threads`, sql`coalesce(nullif(x.anchor, ''), x.subject_kind)`)],
  model: [inProject(sql`registered_models`, sql`x.name`)],
  worker: [inProject(sql`workers`, sql`x.name`)],
  alert: [inProject(sql`alert_rules`, sql`concat_ws(' ', x.event, x.metric)`)],
  // what follows the host may be a secret
  webhook: [inProject(sql`webhooks`, sql`substring(x.url from '://([^/?#]+)')`)],
  // there is one, which needs no other name
  workspace: [
    (ids) => sql`select instance::text as id, 'the workspace' as name, null::text as slug, ${none} as number
      from workspace where instance = any(${ids}::uuid[])`,
  ],
  host: [alone(sql`webhook_hosts`, sql`x.host`, sql`host`, sql`text`)],
};

/** The kinds whose names are known here. */
export const namedKinds: readonly string[] = Object.keys(lookups);

/** `run` of `run:ID`. */
export const kindOf = (subject: string): string => subject.slice(0, Math.max(0, subject.indexOf(":")));

/** By subject (`run:ID`, `project:ID` …); what nothing is known of is left out. */
export async function findSubjectNames(subjects: readonly string[]): Promise<Map<string, SubjectName>> {
  const queries = [...new Set(subjects.map(kindOf))].flatMap((kind) => {
    const ids = subjects.filter((one) => kindOf(one) === kind).map((one) => one.slice(kind.length + 1));
    const given = sql`${sql.param([...new Set(ids)])}`;
    return (lookups[kind] ?? []).map(
      (lookup) => sql`(select ${kind}::text as kind, found.* from (${lookup(given)}) found)`,
    );
  });
  if (queries.length === 0) return new Map();
  type Row = SubjectName & { kind: string; id: string };
  const rows = await connections().db.execute<Row>(sql.join(queries, sql` union all `));
  return new Map(rows.map(({ kind, id, ...name }) => [`${kind}:${id}`, name]));
}

/** The addresses of members, by how the audit names them (`member:ID`). */
export async function findEmails(actors: readonly string[]): Promise<Map<string, string>> {
  const ids = [...new Set(actors.flatMap((actor) => memberIn(actor) ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await connections()
    .db.select({ id: users.id, email: users.email })
    .from(users)
    .where(inArray(users.id, ids));
  return new Map(rows.map(({ id, email }) => [`member:${id}`, email]));
}
