/** The runs that an address asks for, and what stands in the way of some of them. */
import type { FilterFault } from "@/app/_ui/domain/filter-input.tsx";
import type { MemberActor } from "@/lib/access/actor.ts";
import { chooseRuns } from "@/lib/compare/choose.ts";
import { type ComparedFacts, compareFacts } from "@/lib/compare/comparison.ts";
import { asProblem } from "@/lib/problem.ts";
import { filterFault, fullFilter } from "@/lib/table/full-filter.ts";
import { listColumns, type RunsColumns } from "@/lib/table/known-columns.ts";
import type { LeftOut } from "@/lib/wire/comparison.ts";
import { seriesKey } from "@/lib/wire/points/series-name.ts";
import type { Project } from "@/lib/wire/projects.ts";
import type { CompareState } from "./_tabs/compare-address.ts";

export type Chosen = {
  /** Null: there is no run to be shown. */
  facts: ComparedFacts | null;
  leftOut: LeftOut[];
  /** Why there is none; null where none was asked for. */
  problem: string | null;
  /** Of runs that a filter finds. */
  filter: { q: string; fault: FilterFault | null; known: RunsColumns; primary: string | null } | null;
};

export async function readChosen(member: MemberActor, project: Project, state: CompareState): Promise<Chosen> {
  const { runs, sort, archived, baseline } = state;
  if (runs?.length === 0) return { facts: null, leftOut: [], problem: null, filter: null };
  const filter = runs === null ? await readFilterOf(member, project, state.q) : null;
  const nothing = { facts: null, leftOut: [], filter };
  if (filter?.fault) return { ...nothing, problem: "The filter can’t be followed." };
  const choice = { runs, filter: filter?.q ?? "", archived, ...(sort !== "" && { sort }) };
  try {
    const facts = await compareFacts(member, project.id, { ...choice, baseline });
    return { facts, leftOut: facts.leftOut, problem: null, filter };
  } catch (error) {
    const problem = asProblem(error);
    if (!problem || problem.status >= 500) throw error;
    const leftOut = runs === null ? [] : (await chooseRuns(member, project.id, choice)).leftOut;
    return { ...nothing, leftOut, problem: leftOut.length > 0 ? "None of the runs can be shown." : problem.detail };
  }
}

async function readFilterOf(member: MemberActor, project: Project, text: string): Promise<Chosen["filter"]> {
  const { id, primaryMetric, primarySplit } = project;
  const primary = primaryMetric === null ? null : seriesKey({ split: primarySplit, metric: primaryMetric });
  const known = await listColumns(member, id);
  try {
    const { q } = await fullFilter(member, { id, primary }, text);
    return { q, fault: null, known, primary };
  } catch (error) {
    const message = filterFault(error);
    if (message === null) throw error;
    return { q: "", fault: { text, message }, known, primary };
  }
}
