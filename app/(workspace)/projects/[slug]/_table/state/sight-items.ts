/** Whose curves the charts draw where a reader says nothing else. Pure. */
import { shownText } from "@/lib/runs/long-text.ts";
import type { Group, Groups } from "@/lib/table/groups.ts";
import type { RunRow } from "@/lib/table/rows.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { groupName } from "./sight-address.ts";
import type { TableSelection } from "./use-selection.ts";
import type { SightItem } from "./use-sight.ts";

/** A reader can't tell more curves apart; who wants more selects their runs. */
const FIRST_SHOWN = 10;
/** The server isn't asked for more runs at once. */
const SELECTED_SHOWN = 100;

export const runItem = ({ id, name, startedAt, color }: RunRow): SightItem => ({
  key: id,
  name,
  color,
  runs: [{ id, name, startedAt, unit: id }],
  count: 1,
});

/** A group under the name that its row has. */
const groupItem = (group: Group, by: string[]): SightItem => ({
  key: groupName(group.key),
  name: groupWords(group, by),
  color: null,
  runs: group.members.map(({ id, name, unit }) => ({ id, name, startedAt: null, unit })),
  count: group.count,
});

/** What a group is called: the values that its runs have in common, or the newest of its replicates. */
export const groupWords = ({ key, members }: Group, by: string[], textOf = shownText): string =>
  by.includes("replicates")
    ? members[0]!.name
    : Object.values(key)
        .map((value) => (value === null ? "none" : value === "" ? '""' : textOf(value)))
        .join(", ");

/** The first groups of the table. */
export function groupsInSight({ groups }: Groups, by: string[]): InSight {
  const all = groups.map((group) => groupItem(group, by));
  const first = all.slice(0, FIRST_SHOWN);
  const which = first.length < all.length ? `the first ${first.length} groups` : "all groups";
  const isCut = groups.slice(0, FIRST_SHOWN).some(({ count, members }) => members.length < count);
  const runs = isCut ? "its newest 20 runs" : "its runs";
  const note = `${which}, a curve each: the mean of ${runs}, on straight lines between their points; band: Student's 95 %`;
  return { first, others: all, note };
}

/** `first` are drawn where nobody says otherwise, `others` may be brought in. */
type InSight = { first: SightItem[]; others: SightItem[]; note: string };

/** The selected runs, else the first of the table. `brought`: runs that aren't loaded, and may be brought in. */
export function runsInSight(
  rows: RunRow[],
  { rows: selected, isAll }: Pick<TableSelection, "rows" | "isAll">,
  brought: RunRow[],
): InSight {
  const isSelected = selected.length > 0;
  const first = (isSelected ? selected.slice(0, SELECTED_SHOWN) : rows.slice(0, FIRST_SHOWN)).map(runItem);
  const note = isSelected
    ? selectedWords(first.length, isAll ? "all that match" : selected.length)
    : first.length < rows.length
      ? `the first ${first.length} of the table`
      : "all runs of the table";
  return { first, others: [...rows, ...brought].map(runItem), note };
}

const selectedWords = (shown: number, selected: number | "all that match"): string =>
  shown === selected
    ? `${shown} selected`
    : `the first ${shown} of ${typeof selected === "number" ? numberWords(selected) : selected} selected`;
