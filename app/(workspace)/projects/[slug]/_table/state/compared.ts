/** Which runs of a table are compared side by side, as an address. Pure. */
import { compareHref } from "@/app/paths.ts";
import type { RunRow } from "@/lib/table/rows.ts";
import { COMPARED_RUNS_MAX } from "@/lib/wire/compared.ts";
import { orderInGroups, type RunsView } from "./runs-view.ts";

type Selected = { rows: Pick<RunRow, "id">[]; isAll: boolean };

/**
 * The selected runs in the order of the table, those that it doesn't show last and at most a hundred, with how many more
 * there are; where all are selected, those that its filter finds. Null: none is selected.
 */
export function comparedHref(
  slug: string,
  view: RunsView,
  shown: readonly Pick<RunRow, "id">[],
  { rows, isAll }: Selected,
): string | null {
  if (isAll) return filteredHref(slug, view, view.q);
  if (rows.length === 0) return null;
  const place = new Map(shown.map(({ id }, at) => [id, at]));
  const at = ({ id }: Pick<RunRow, "id">) => place.get(id) ?? shown.length;
  const ids = [...rows].sort((a, b) => at(a) - at(b)).map(({ id }) => id);
  const query = new URLSearchParams(ids.slice(0, COMPARED_RUNS_MAX).map((id) => ["run", id]));
  if (ids.length > COMPARED_RUNS_MAX) query.set("more", String(ids.length - COMPARED_RUNS_MAX));
  return compareHref(slug, query);
}

/** The runs that a filter finds, in the order of the view. */
export function filteredHref(slug: string, view: RunsView, q: string): string {
  const query = new URLSearchParams({ q });
  const sort = orderInGroups(view);
  if (sort) query.set("sort", sort);
  if (view.archived) query.set("archived", "1");
  return compareHref(slug, query);
}
