"use server";
/** Finds runs that may be added to a comparison. */
import { z } from "zod";
import { actOn, projectId } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { filterFault, fullFilter } from "@/lib/table/full-filter.ts";
import { readRunsPage } from "@/lib/table/rows.ts";

export type FoundToAdd = { runs: { id: string; name: string }[]; fault: string | null };

const FOUND_MAX = 20;

/** The newest runs that a filter of the table finds; plain words are parts of names. `fault`: what is wrong with it. */
export const findRunsToAddAction = async (project: string, filter: string): Promise<ActionOutcome<FoundToAdd>> =>
  actOn(
    { project: projectId, filter: z.string().max(2000) },
    { project, filter },
    async (member, given) => {
      try {
        const { q } = await fullFilter(member, { id: given.project, primary: null }, given.filter);
        const page = await readRunsPage(member, given.project, { columns: [], filter: q, size: FOUND_MAX });
        return { runs: page.rows.map(({ id, name }) => ({ id, name })), fault: null };
      } catch (error) {
        const fault = filterFault(error);
        if (fault === null) throw error;
        return { runs: [], fault };
      }
    },
    "keep",
  );
