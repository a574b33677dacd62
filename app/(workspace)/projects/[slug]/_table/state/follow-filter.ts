/** Follows the filter of an address, whatever names it calls columns by; where it can't be followed, no filter counts. */
import type { FilterFault } from "@/app/_ui/domain/filter-input.tsx";
import type { MemberActor } from "@/lib/access/actor.ts";
import { filterFault, fullFilter } from "@/lib/table/full-filter.ts";
import type { Taken } from "@/lib/table/language/filter-language.ts";

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
    const message = filterFault(error);
    if (message === null) throw error;
    return { table: await read(""), q: "", taken: [], fault: { text, message } };
  }
}
