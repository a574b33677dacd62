/** Follows the filter of an address, whatever names it calls columns by; where it can't be followed, no filter counts. */
import type { FilterFault } from "@/app/_ui/domain/filter-input.tsx";
import type { MemberActor } from "@/lib/access/actor.ts";
import { ProblemError } from "@/lib/problem.ts";
import { conditionOf } from "@/lib/table/filter-sql.ts";
import { listColumns } from "@/lib/table/known-columns.ts";
import { readFilter, type Taken } from "@/lib/table/language/filter-language.ts";
import { filterColumns, filterNames } from "@/lib/table/language/filter-names.ts";
import { printFilter } from "@/lib/table/language/filter-print.ts";
import { FilterError } from "@/lib/table/language/filter-tokens.ts";

type Followed<Table> = {
  table: Table;
  /** The filter in force, with full names. */
  q: string;
  /** What the address's names were taken for. */
  taken: Taken[];
  fault: FilterFault | null;
};
type FilteredProject = { id: string; primary: string | null };

/** `read` is given the filter; it is asked again without one where that can't be read, or takes too long. */
export async function followFilter<Table>(
  member: MemberActor,
  project: FilteredProject,
  text: string,
  read: (q: string) => Promise<Table>,
): Promise<Followed<Table>> {
  try {
    const { q, taken } = await fullFilter(member, project, text);
    return { table: await read(q), q, taken, fault: null };
  } catch (error) {
    const message = messageOf(error);
    if (message === null) throw error;
    return { table: await read(""), q: "", taken: [], fault: { text, message } };
  }
}

/** An address that has full names keeps what it means; in another, names are taken as a person's are. */
async function fullFilter(member: MemberActor, { id, primary }: FilteredProject, text: string) {
  try {
    conditionOf(id, text);
    return { q: text, taken: [] };
  } catch (error) {
    if (messageOf(error) === null) throw error;
  }
  const known = await listColumns(member, id);
  const { filter, taken } = readFilter(text, filterNames(filterColumns(known, primary), known.isCut));
  return { q: printFilter(filter), taken };
}

/** What is wrong with a filter; null for another error. */
function messageOf(error: unknown): string | null {
  if (error instanceof FilterError) return error.message;
  const [fault] = error instanceof ProblemError ? (error.errors ?? []) : [];
  return fault?.field === "filter" ? fault.detail : null;
}
