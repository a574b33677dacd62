/** The groups of a table as CSV: a line a group, with all that is known of each summary. Pure. */
import { type CsvCell, toCsv } from "@/lib/csv.ts";
import { plainCell } from "@/lib/runs/long-text.ts";
import type { Group, GroupSummary } from "@/lib/table/groups.ts";
import { shownName } from "@/lib/table/language/column-name.ts";

/** `groups` have their texts whole; `by` names the columns that make them, `summaries` the metrics shown, in their order. */
export function groupsCsv(groups: Group[], by: string[], summaries: string[]): string {
  const header = [
    ...by,
    "runs",
    "of these with a seed that another has",
    "code differs",
    "manifests",
    "runs without manifest",
    "runs with an unchecked manifest",
    "runs with a blocked manifest",
    "of these overridden",
  ];
  const figures = summaries.flatMap((name) => figureNames.map((figure) => `${shownName(name)} ${figure}`));
  const lines = groups.map((group): CsvCell[] => [
    ...by.map((name) => plainCell(group.key[name] ?? null)),
    group.count,
    group.repeated,
    group.codeDiffers,
    group.manifests,
    group.uncited,
    group.unchecked,
    group.blocked,
    group.overridden,
    ...summaries.flatMap((name) => figuresOf(group.summaries[name])),
  ]);
  return toCsv([...header, ...figures], lines);
}

const figureNames = ["mean", "standard deviation", "95 % low", "95 % high", "n", "not finite"];

function figuresOf(summary: GroupSummary | undefined): CsvCell[] {
  if (!summary) return [null, null, null, null, 0, 0];
  const { n, mean, sd, low, high, nonFinite } = summary;
  return [n > 0 ? mean : null, sd, low, high, n, nonFinite];
}
