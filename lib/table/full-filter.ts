/** A filter as a person or an address wrote it, with the full names of its columns. */
import type { Actor } from "../access/actor.ts";
import { ProblemError } from "../problem.ts";
import { conditionOf } from "./filter-sql.ts";
import { listColumns } from "./known-columns.ts";
import { readFilter, type Taken } from "./language/filter-language.ts";
import { filterColumns, filterNames } from "./language/filter-names.ts";
import { printFilter } from "./language/filter-print.ts";
import { FilterError } from "./language/filter-tokens.ts";

/**
 * A filter that has full names keeps what it means; in another, names are taken as a person's are. `primary`: `split/metric`
 * of the project's primary metric. Throws `FilterError` for what is no filter.
 */
export async function fullFilter(
  actor: Actor,
  { id, primary }: { id: string; primary: string | null },
  text: string,
): Promise<{ q: string; taken: Taken[] }> {
  try {
    conditionOf(id, text);
    return { q: text, taken: [] };
  } catch (error) {
    if (filterFault(error) === null) throw error;
  }
  const known = await listColumns(actor, id);
  const { filter, taken } = readFilter(text, filterNames(filterColumns(known, primary), known.isCut));
  return { q: printFilter(filter), taken };
}

/** What is wrong with a filter; null for another error. */
export function filterFault(error: unknown): string | null {
  if (error instanceof FilterError) return error.message;
  const [fault] = error instanceof ProblemError ? (error.errors ?? []) : [];
  return fault?.field === "filter" ? fault.detail : null;
}
