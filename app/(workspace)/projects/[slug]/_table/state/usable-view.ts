/** Leaves out the parts of an address that can't be shown, so that the rest of it is; columns get their full names. */
import { ProblemError } from "@/lib/problem.ts";
import { parseColumn } from "@/lib/table/columns.ts";
import { requireGrouping } from "@/lib/table/groups.ts";
import { columnName, shownName } from "@/lib/table/language/column-name.ts";
import { readOrder } from "@/lib/table/rows.ts";
import { COUNT_ORDER, orderedColumn, type RunsView } from "./runs-view.ts";

/** The view without columns, order and groups that can't exist, and what was left out, in words. */
export function usableView(view: RunsView, projectId: string): { view: RunsView; leftOut: string[] } {
  const leftOut: string[] = [];
  const keeps = (part: string, name: string, check: () => unknown): boolean => {
    try {
      check();
      return true;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.kind !== "invalid") throw error;
      leftOut.push(`${part} ${JSON.stringify(shownName(name))}`);
      return false;
    }
  };
  const usable = view.columns?.filter(({ name }) => keeps("the column", name, () => parseColumn(name))) ?? [];
  const full = usable.map((column) => ({ ...column, name: columnName(parseColumn(column.name)) }));
  const columns = full.filter(({ name }, at) => full.findIndex((one) => one.name === name) === at);
  const by = view.by.filter((name) => keeps("the groups by", name, () => requireGrouping(name)));
  // the number of runs orders groups; without groups nothing is left of that order
  const isOrder = (one: string) =>
    orderedColumn(one) === COUNT_ORDER ? by.length > 0 : keeps("the order by", one, () => readOrder(one, projectId));
  const [sort = "", thenBy = ""] = [view.sort, view.thenBy]
    .filter((one) => one !== "" && isOrder(one))
    .map((one) => (orderedColumn(one) === COUNT_ORDER ? one : fullOrder(one, projectId)));
  return { view: { ...view, columns: columns.length > 0 ? columns : null, sort, thenBy, by }, leftOut };
}

function fullOrder(order: string, projectId: string): string {
  const { column, descending } = readOrder(order, projectId);
  return `${descending ? "-" : ""}${columnName(column)}`;
}
