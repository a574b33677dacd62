/** What a run may be compared with. Reads, and writes nothing. */
import type { Actor } from "../access/actor.ts";
import { readRunsPage } from "../table/rows.ts";
import { COMPARED_RUNS_MAX, type ComparedRun } from "../wire/comparison.ts";

/** The other runs of its recipe, the newest first and so many that they fit beside it. */
export async function findReplicates(
  actor: Actor,
  projectId: string,
  { id, recipe }: Pick<ComparedRun, "id" | "recipe">,
): Promise<string[]> {
  if (recipe === null) return [];
  const query = { columns: [], filter: `replicates = "${recipe}"`, size: COMPARED_RUNS_MAX };
  const { rows } = await readRunsPage(actor, projectId, query);
  return rows.flatMap((row) => (row.id === id ? [] : [row.id])).slice(0, COMPARED_RUNS_MAX - 1);
}
