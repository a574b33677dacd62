/** The runs of a selection as an address of the table or of a comparison. Pure. */
import { parseFilter } from "@/lib/table/language/filter-language.ts";
import { printFilter } from "@/lib/table/language/filter-print.ts";
import type { Filter } from "@/lib/table/language/filter-tree.ts";
import type { Brush } from "./brushes.ts";

/** The filter with what is brushed; null where the table can't filter by a brushed column, or the filter can't be read. */
export function brushedFilter(filter: string, brushes: readonly Brush[]): string | null {
  if (brushes.some(({ column }) => column === "lastStep" || column === "duration")) return null;
  try {
    const before = parseFilter(filter);
    const isNone = before.kind === "words" && before.words.length === 0;
    const parts = [...(isNone ? [] : [before]), ...brushes.flatMap(partsOf)];
    if (parts.length === 0) return "";
    return printFilter(parts.length === 1 ? parts[0]! : { kind: "and", parts });
  } catch {
    return null;
  }
}

function partsOf(brush: Brush): Filter[] {
  const { column } = brush;
  if ("names" in brush)
    return [{ kind: "in", column, values: brush.names.map((value) => ({ type: "text" as const, value })) }];
  const end = (op: ">=" | "<=", value: number): Filter => ({
    kind: "compare",
    column,
    op,
    value: { type: "number", value },
  });
  return [end(">=", brush.from), end("<=", brush.to)];
}
