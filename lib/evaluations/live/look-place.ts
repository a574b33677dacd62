/** Which look of its test split an evaluation is. */
import type { Actor } from "../../access/actor.ts";
import type { Evaluation } from "../../wire/evaluations/evaluations.ts";
import { listTestLooks } from "../test-looks.ts";

/** `free`: of validation. `place`: from 1, the earliest first; `of`: all looks so far. */
export type LookPlace = { kind: "free" } | { kind: "look"; place: number; of: number };

export async function readLookPlace(
  actor: Actor,
  { id, split, manifest }: Pick<Evaluation, "id" | "split" | "manifest">,
  projectId: string,
): Promise<LookPlace> {
  if (split === "validation") return { kind: "free" };
  const { count, looks } = await listTestLooks(actor, projectId, manifest);
  const newer = looks.findIndex(({ evaluationId }) => evaluationId === id);
  return { kind: "look", place: newer === -1 ? 1 : count - newer, of: count };
}
