/** What of an evaluation's numbers an actor may see: the one place that decides it. */
import { eq } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import type { Actor } from "../access/actor.ts";
import { can } from "../access/permissions.ts";
import { BoundedMap } from "../bounded-map.ts";
import { ProblemError } from "../problem.ts";
import type { TestMode } from "../wire/evaluations/looks.ts";
import type { EvaluationRecord } from "./evaluations.ts";

/**
 * `report`: every number. `released`: the rung or the bit that the project's mode lets out. `none`: that it was made, and
 * nothing that depends on a test label.
 */
export type Sight = "report" | "released" | "none";

type Seen = Pick<EvaluationRecord, "projectId" | "split">;

export async function sightOf(actor: Actor, { projectId, split }: Seen): Promise<Sight> {
  if (split === "validation" || actor.kind === "system") return "report";
  if (!can(actor, "tests.read", projectId)) return "none";
  const mode = await testModeOf(projectId);
  if (mode === "ladder") return "released";
  return mode === "one-bit" && actor.kind === "token" ? "released" : "report";
}

/** By project: a mode never changes once there is a look, and a test evaluation is one. */
const modes = new BoundedMap<string, TestMode>(1_000);

/** How a project lets out what its test evaluations found. Asked of a project that has one. */
export async function testModeOf(projectId: string): Promise<TestMode> {
  const known = modes.get(projectId);
  if (known) return known;
  const [project] = await connections()
    .db.select({ mode: projects.testMode })
    .from(projects)
    .where(eq(projects.id, projectId));
  const mode = project?.mode ?? "shut";
  modes.set(projectId, mode);
  return mode;
}

/** Throws `forbidden` unless the actor may see every number of the evaluation. */
export async function requireSight(actor: Actor, evaluation: Seen): Promise<void> {
  const sight = await sightOf(actor, evaluation);
  if (sight === "report") return;
  throw new ProblemError(
    "forbidden",
    sight === "none" ? noneWords : releasedWords[await testModeOf(evaluation.projectId)],
  );
}

const noneWords =
  "the numbers of a test evaluation are for members and for tokens of scope evaluate; this token isn't one";

const only = "its evaluation says all that is released";
const releasedWords: Record<TestMode, string> = {
  ladder: `the project's test split is in mode ladder, which shows no report: ${only}`,
  "one-bit": `the project's test split is in mode one-bit, and this is a token: ${only}`,
  shut: noneWords,
  open: noneWords,
};
