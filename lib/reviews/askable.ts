/** What an address proposes to have reviewed, by its names. */
import { and, eq, inArray, isNull } from "drizzle-orm";
import { validate as isUuid } from "uuid";
import { connections } from "../../db/connection.ts";
import { claims } from "../../db/schema/champions.ts";
import { runs } from "../../db/schema/runs.ts";
import { studies } from "../../db/schema/studies.ts";
import type { Actor, MemberActor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { listParticipants } from "../access/standing.ts";
import { REVIEWED_RUNS_MAX, type ReviewKind } from "../wire/reviews/reviews.ts";

/** The members who could decide on what this one asks, by name. */
export async function listAskable(actor: MemberActor, projectId: string): Promise<{ id: string; name: string }[]> {
  authorise(actor, "reviews.write", projectId);
  const there = await listParticipants(connections().db, projectId);
  return there.filter(({ id, role }) => id !== actor.id && role !== "viewer").map(({ id, name }) => ({ id, name }));
}

export type Askable = { kind: ReviewKind; subjects: string[]; names: string[]; title: string };
type Named = Partial<Record<"run" | "study" | "claim", string | string[]>>;

/** Null where the address names nothing that the project has. Of runs those that are there, at most 50. */
export async function readAskable(actor: Actor, projectId: string, named: Named): Promise<Askable | null> {
  authorise(actor, "reviews.read", projectId);
  const { db } = connections();
  const idsOf = (value: string | string[] | undefined) => [value ?? []].flat().filter(isUuid);
  const [study] = idsOf(named.study);
  if (study) {
    const [found] = await db
      .select()
      .from(studies)
      .where(and(eq(studies.id, study), eq(studies.projectId, projectId)));
    return found ? { kind: "study", subjects: [study], names: [`study ${found.number}`], title: found.title } : null;
  }
  const [claim] = idsOf(named.claim);
  if (claim) {
    const [found] = await db
      .select({ number: claims.number, run: runs.name })
      .from(claims)
      .innerJoin(runs, eq(runs.id, claims.runId))
      .where(and(eq(claims.id, claim), eq(claims.projectId, projectId)));
    return found ? { kind: "claim", subjects: [claim], names: [`claim ${found.number}`], title: found.run } : null;
  }
  const wanted = [...new Set(idsOf(named.run))].slice(0, REVIEWED_RUNS_MAX);
  const found = await db
    .select({ id: runs.id, name: runs.name })
    .from(runs)
    .where(and(inArray(runs.id, wanted), eq(runs.projectId, projectId), isNull(runs.deletedAt)));
  const there = wanted.flatMap((id) => found.find((row) => row.id === id) ?? []);
  if (there.length === 0) return null;
  const names = there.map(({ name }) => name);
  return { kind: "runs", subjects: there.map(({ id }) => id), names, title: names.length === 1 ? names[0]! : "" };
}
