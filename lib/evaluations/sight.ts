/** What of an evaluation's numbers an actor may see: the one place that decides it. */
import type { Actor } from "../access/actor.ts";
import { can } from "../access/permissions.ts";
import { ProblemError } from "../problem.ts";
import type { EvaluationRecord } from "./evaluations.ts";

/** `report`: every number. `none`: that it was made, and nothing that depends on a test label. */
export type Sight = "report" | "none";

export async function sightOf(actor: Actor, { split }: Pick<EvaluationRecord, "projectId" | "split">): Promise<Sight> {
  return split === "validation" || can(actor, "tests.read") ? "report" : "none";
}

/** Throws `forbidden` unless the actor may see every number of the evaluation. */
export async function requireSight(actor: Actor, evaluation: EvaluationRecord): Promise<void> {
  if ((await sightOf(actor, evaluation)) === "report") return;
  throw new ProblemError(
    "forbidden",
    "the numbers of a test evaluation are for members and for tokens of scope evaluate; this token isn't one",
  );
}
