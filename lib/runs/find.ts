/** Finds runs by name, through all projects or in one, for who knows what they look for. */
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { connections } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import { runs } from "../../db/schema/runs.ts";
import type { MemberActor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { parse } from "../problem.ts";
import type { RunStatus } from "../wire/base/words.ts";

const FOUND_MAX = 20;
const WORDS_MAX = 10;
const LOOKED_AT_MAX = 50_000;

export type FoundRun = { id: string; name: string; status: RunStatus; slug: string; projectName: string };

/**
 * The newest 20 runs with every word of `q` in their name or their project's; the newest of all where `q` is empty.
 * `projectId`: of one project, by their own names alone. Of more than 50,000 runs the newest are looked at, so that an
 * answer to letters as they are typed has a bound.
 */
export async function findRuns(actor: MemberActor, q: string, projectId?: string): Promise<FoundRun[]> {
  authorise(actor, "runs.read", projectId);
  const { db } = connections();
  const ofProject = projectId === undefined ? undefined : eq(runs.projectId, projectId);
  const newest = db
    .select({ id: runs.id, name: runs.name, status: runs.status, projectId: runs.projectId })
    .from(runs)
    .where(and(isNull(runs.deletedAt), ofProject))
    .orderBy(desc(runs.id))
    .limit(LOOKED_AT_MAX)
    .as("newest");
  const name = projectId === undefined ? sql`${projects.name} || ' ' || ${newest.name}` : sql`${newest.name}`;
  // NUL counts as space: PostgreSQL has no text with it
  const words = parse(z.string().max(200), q)
    .split(/[\s\0]+/)
    .filter(Boolean)
    .slice(0, WORDS_MAX);
  return db
    .select({
      id: newest.id,
      name: newest.name,
      status: newest.status,
      slug: projects.slug,
      projectName: projects.name,
    })
    .from(newest)
    .innerJoin(projects, eq(projects.id, newest.projectId))
    .where(and(isNull(projects.deletedAt), ...words.map((word) => sql`strpos(lower(${name}), lower(${word})) > 0`)))
    .orderBy(desc(newest.id))
    .limit(FOUND_MAX);
}
