/** Which runs stand side by side: those of a link, or those that a filter finds. */
import { inArray } from "drizzle-orm";
import { validate as isUuid } from "uuid";
import { connections } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { authorise, reaches } from "../access/permissions.ts";
import { conditionOf } from "../table/filter-sql.ts";
import { readIds } from "../table/page.ts";
import { countRuns, readOrder, readRunsPage, withTimeout } from "../table/rows.ts";
import { COMPARED_RUNS_MAX, type ComparedRun, type LeftOut } from "../wire/comparison.ts";

export type ComparedChoice = {
  /** In the order of a link; null: those of the filter. */
  runs: string[] | null;
  filter?: string;
  /** The table's order of the runs that a filter finds, and of those that are kept of more than a hundred. */
  sort?: string;
  /** Whether a filter finds archived runs too; a link always does. */
  archived?: boolean;
};
export type ChosenRuns = {
  ids: string[];
  leftOut: LeftOut[];
  /** How many more there are, beyond `most`. */
  beyond: number;
};

/**
 * Up to `most` runs of the project, a hundred unless more can be shown: of a link in its order, without those that are
 * unknown, deleted or of another project; of more than that, and of a filter, the first by the table's order. Throws `invalid` for a filter or sort that can't be.
 */
export async function chooseRuns(
  actor: Actor,
  projectId: string,
  choice: ComparedChoice,
  most = COMPARED_RUNS_MAX,
): Promise<ChosenRuns> {
  authorise(actor, "runs.read", projectId);
  if (choice.runs === null) return chooseByFilter(actor, projectId, choice, most);
  const asked = [...new Set(choice.runs)];
  const rows = await connections()
    .db.select({ id: runs.id, name: runs.name, projectId: runs.projectId, deletedAt: runs.deletedAt })
    .from(runs)
    .where(
      inArray(
        runs.id,
        asked.filter((id) => isUuid(id)).map((id) => id.toLowerCase()),
      ),
    );
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const ids: string[] = [];
  const leftOut: LeftOut[] = [];
  for (const run of asked) {
    const row = rowOf.get(run.toLowerCase());
    // nobody learns of projects that they don't reach
    if (!row || !reaches(actor, row.projectId)) leftOut.push({ run, reason: "unknown", name: null });
    else if (row.projectId !== projectId) leftOut.push({ run, reason: "foreign", name: row.name });
    else if (row.deletedAt) leftOut.push({ run, reason: "deleted", name: row.name });
    else ids.push(row.id);
  }
  if (ids.length <= most) return { ids, leftOut, beyond: 0 };
  const first = await firstOf(actor, projectId, ids, { sort: choice.sort, most });
  return { ids: first, leftOut, beyond: ids.length - first.length };
}

async function chooseByFilter(
  actor: Actor,
  projectId: string,
  { filter = "", sort, archived = false }: ComparedChoice,
  most: number,
): Promise<ChosenRuns> {
  const order = readOrder(sort, projectId);
  const [{ ids }, { count }] = await Promise.all([
    withTimeout((tx) => {
      const condition = conditionOf(projectId, filter);
      return readIds(tx, { projectId, order, condition, archived }, most, null);
    }),
    countRuns(actor, projectId, { filter, archived }),
  ]);
  return { ids, leftOut: [], beyond: Math.max(0, count - ids.length) };
}

/** Of more than `most` the first by the table's order, which the table itself knows alone. */
async function firstOf(
  actor: Actor,
  projectId: string,
  ids: string[],
  { sort, most }: { sort: string | undefined; most: number },
): Promise<string[]> {
  const wanted = new Set(ids);
  const found: string[] = [];
  let after: string | null = null;
  do {
    const page = await readRunsPage(actor, projectId, {
      columns: [],
      archived: true,
      after,
      size: 500,
      ...(sort !== undefined && { sort }),
    });
    found.push(...page.rows.flatMap(({ id }) => (wanted.has(id) ? [id] : [])));
    after = page.next;
  } while (after !== null && found.length < most);
  return found.slice(0, most);
}

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
