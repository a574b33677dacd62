/** A project's studies as its list shows them, and studies by the words of their titles. */
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { connections } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import { studies } from "../../db/schema/studies.ts";
import type { Actor, MemberActor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { parse } from "../problem.ts";
import type { Study, StudyStatus } from "../wire/studies/studies.ts";
import { listStudies } from "./studies.ts";

/** `asked`: configurations that were asked for. `best`: the mean over the seeds of the best of them; null: none has ended. */
export type StudyLine = Study & { asked: number; best: { number: number; value: number; seeds: number } | null };

type Row = { study_id: string; asked: number; number: number | null; value: number | null; seeds: number | null };

/** A project's studies, the newest first, each with how far it has come. */
export async function listStudyLines(actor: Actor, project: { id: string }): Promise<StudyLine[]> {
  const all = await listStudies(actor, project.id);
  const rows = await connections().db.execute<Row>(sql`
    with asked as (
      select study_id, count(distinct number)::int as asked from trials
      where project_id = ${project.id} and study_id is not null and status <> 'cancelled' group by 1),
    ended as (
      select t.study_id, t.number, t.run_id, coalesce(t.told, case st.direction when 'max' then s.max else s.min end) as value,
        case st.direction when 'max' then -1 else 1 end as sign
      from trials t join studies st on st.id = t.study_id
      left join series s on s.run_id = t.run_id and s.split = st.split and s.metric = st.metric and not s.quarantined
      where t.project_id = ${project.id} and t.status in ('finished', 'stopped') and t.infeasible is null),
    means as (
      select study_id, number, sign, avg(value) as value, count(*)::int as seeds from ended
      where value > '-Infinity' and value < 'Infinity' group by 1, 2, 3),
    best as (select distinct on (study_id) * from means order by study_id, sign * value, number)
    select a.study_id, a.asked, b.number, b.value, b.seeds from asked a left join best b using (study_id)`);
  const byStudy = new Map(rows.map((row) => [row.study_id, row]));
  return all.map((study) => {
    const row = byStudy.get(study.id);
    const best = row?.value == null ? null : { number: row.number!, value: row.value, seeds: row.seeds! };
    return { ...study, asked: row?.asked ?? 0, best };
  });
}

const FOUND_MAX = 8;
const WORDS_MAX = 10;

export type FoundStudy = {
  id: string;
  number: number;
  title: string;
  question: string;
  status: StudyStatus;
  slug: string;
  projectName: string;
};

/** The newest 8 studies with every word of `q` in their title, question or project's name; none where `q` is empty. */
export async function findStudies(actor: MemberActor, q: string): Promise<FoundStudy[]> {
  authorise(actor, "studies.read");
  // NUL counts as space: PostgreSQL has no text with it
  const words = parse(z.string().max(200), q)
    .split(/[\s\0]+/)
    .filter(Boolean)
    .slice(0, WORDS_MAX);
  if (words.length === 0) return [];
  const text = sql`lower(${projects.name} || ' ' || ${studies.title} || ' ' || ${studies.question})`;
  return connections()
    .db.select({
      id: studies.id,
      number: studies.number,
      title: studies.title,
      question: studies.question,
      status: studies.status,
      slug: projects.slug,
      projectName: projects.name,
    })
    .from(studies)
    .innerJoin(projects, eq(projects.id, studies.projectId))
    .where(and(isNull(projects.deletedAt), ...words.map((word) => sql`strpos(${text}, lower(${word})) > 0`)))
    .orderBy(desc(studies.id))
    .limit(FOUND_MAX);
}
