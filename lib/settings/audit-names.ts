/** What the subjects of the audit are called now; of what is purged, what its tombstone says. */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";

/** `slug`: of the project that it stands in, or is. */
export type SubjectName = { name: string; slug: string | null };

/** By subject (`run:ID`, `project:ID` …); what nothing is known of is left out. */
export async function findSubjectNames(subjects: readonly string[]): Promise<Map<string, SubjectName>> {
  const idsOf = (...kinds: string[]) =>
    sql.param([
      ...new Set(
        subjects.flatMap((subject) => {
          const kind = subject.slice(0, subject.indexOf(":"));
          return kinds.includes(kind) ? [subject.slice(kind.length + 1)] : [];
        }),
      ),
    ]);
  const rows = await connections().db.execute<SubjectName & { subject: string }>(sql`
    select 'run:' || r.id as subject, r.name, p.slug from runs r join projects p on p.id = r.project_id
      where r.id = any(${idsOf("run")}::uuid[])
    union all select kind || ':' || id, name, null from tombstones where id = any(${idsOf("run", "project")}::uuid[])
    union all select 'project:' || id, name, slug from projects where id = any(${idsOf("project")}::uuid[])
    union all select 'member:' || id, name, null from users where id = any(${idsOf("member")}::text[])
    union all select 'token:' || t.id, t.name, p.slug from tokens t join projects p on p.id = t.project_id
      where t.id = any(${idsOf("token")}::uuid[])
    union all select 'dataset:' || id, name || ' ' || version, null from datasets where id = any(${idsOf("dataset")}::uuid[])
    union all select distinct on (m.manifest_id) 'manifest:' || m.manifest_id, m.name, p.slug
      from manifest_registrations m join projects p on p.id = m.project_id
      where m.manifest_id = any(${idsOf("manifest")}::text[])
    union all select 'link:' || id, coalesce(email, 'a link for anyone'), null from links
      where id = any(${idsOf("link")}::uuid[])
    union all select 'view:' || v.id, v.name, p.slug from saved_views v join projects p on p.id = v.project_id
      where v.id = any(${idsOf("view")}::uuid[])`);
  return new Map(rows.map(({ subject, ...name }) => [subject, name]));
}
