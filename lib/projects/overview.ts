/** What the list of projects says of each: its best run, whether it gets better, what runs and when something last happened. */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import type { MemberActor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { selectBestRun } from "./best-run.ts";
import { listProjects, type ProjectListItem } from "./projects.ts";

export type ProjectOverview = ProjectListItem & {
  /** The run with the best value of the primary metric, archived ones aside, as its own page says it; null while there is none. */
  best: { run: string; name: string; value: number } | null;
  /** The best finite value of each of the newest runs that has one, the oldest of them first. */
  trend: number[];
  running: {
    /** The newest that run, at most `NAMED`. */
    runs: { id: string; name: string }[];
    /** Members and tokens that created those, by name. */
    by: string[];
  };
  /** When a run last began, gave a sign of life or ended; null without runs. */
  activeAt: string | null;
};

/** So many runs are drawn, and so many that run are named. */
const DRAWN = 24;
const NAMED = 5;

type Facts = {
  id: string;
  best: ProjectOverview["best"];
  trend: number[] | null;
  running: { id: string; name: string; by: string }[] | null;
  active: string | null;
};

/** The projects that the member may read, those first in which something happened last, at most 500; in two statements. */
export async function listOverviews(member: MemberActor): Promise<ProjectOverview[]> {
  authorise(member, "projects.read");
  const projects = await listProjects(member);
  const facts = await readFacts(projects.map(({ id }) => id));
  const factsOf = new Map(facts.map((row) => [row.id, row]));
  return projects
    .map((project): ProjectOverview => {
      const { best = null, trend, running, active } = factsOf.get(project.id) ?? {};
      return {
        ...project,
        best,
        trend: trend ?? [],
        running: {
          runs: (running ?? []).map(({ id, name }) => ({ id, name })),
          by: [...new Set((running ?? []).map(({ by }) => by))],
        },
        activeAt: active ? new Date(active).toISOString() : null,
      };
    })
    .sort((a, b) => (b.activeAt ?? b.createdAt).localeCompare(a.activeAt ?? a.createdAt));
}

const best = (direction: "min" | "max") =>
  selectBestRun({ project: sql`p.id`, metric: sql`p.primary_metric`, split: sql`p.primary_split`, direction });

/** Each figure is the end of an index, or of the newest runs alone: as quick for many runs as for few. */
const readFacts = (ids: string[]): Promise<Facts[]> =>
  connections().db.execute<Facts>(sql`
    select p.id,
      (select json_build_object('run', b.id, 'name', b.name, 'value', b.value) from (
        select * from (${best("max")}) highest where p.primary_direction = 'max'
        union all
        select * from (${best("min")}) lowest where p.primary_direction = 'min') b) as best,
      (select json_agg(t.value order by t.id) from (
        select r.id, (select case p.primary_direction when 'max' then s.max else s.min end from series s
          where s.run_id = r.id and s.metric = p.primary_metric and s.split = p.primary_split and not s.quarantined) as value
        from runs r where r.project_id = p.id and r.deleted_at is null and r.archived_at is null
        order by r.id desc limit ${DRAWN}) t
        where t.value is not null) as trend,
      (select json_agg(json_build_object('id', t.id, 'name', t.name, 'by', t.created_by) order by t.id desc) from (
        select r.id, r.name, r.created_by from runs r
        where r.project_id = p.id and r.status = 'running' and r.deleted_at is null order by r.id desc limit ${NAMED}) t) as running,
      greatest(
        (select max(r.created_at) from runs r where r.project_id = p.id and r.deleted_at is null),
        (select max(r.ended_at) from runs r where r.project_id = p.id and r.deleted_at is null),
        (select max(r.heartbeat_at) from runs r where r.project_id = p.id and r.status = 'running' and r.deleted_at is null)
      ) as active
    from projects p where p.id = any(${sql.param(ids)}::uuid[])`);
