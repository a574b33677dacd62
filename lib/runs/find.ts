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

export type FoundRun = { id: string; name: string; status: RunStatus; slug: string; projectName: string };

/**
 * The newest 20 runs with every word of `q` in their name or their project's; the newest of all where `q` is empty.
 * `projectId`: of one project, by their own names alone.
 */
export async function findRuns(actor: MemberActor, q: string, projectId?: string): Promise<FoundRun[]> {
  authorise(actor, "runs.read", projectId);
  const name = projectId === undefined ? sql`${projects.name} || ' ' || ${runs.name}` : sql`${runs.name}`;
  // NUL counts as space: PostgreSQL has no text with it
  const words = parse(z.string().max(200), q)
    .split(/[\s\0]+/)
    .filter(Boolean)
    .slice(0, WORDS_MAX);
  return connections()
    .db.select({
      id: runs.id,
      name: runs.name,
      status: runs.status,
      slug: projects.slug,
      projectName: projects.name,
    })
    .from(runs)
    .innerJoin(projects, eq(projects.id, runs.projectId))
    .where(
      and(
        isNull(runs.deletedAt),
        isNull(projects.deletedAt),
        projectId === undefined ? undefined : eq(runs.projectId, projectId),
        ...words.map((word) => sql`strpos(lower(${name}), lower(${word})) > 0`),
      ),
    )
    .orderBy(desc(runs.id))
    .limit(FOUND_MAX);
}
