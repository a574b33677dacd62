/**
 * The columns of a chart that W&B exports: `RUN - METRIC` with its bounds `RUN - METRIC__MIN` and `__MAX`, three a run. Both
 * names may hold " - " themselves: of the ways to part them, that whose metric most columns have is taken.
 */

export type ChartColumn = { run: string; metric: string } | "bound";

const BOUNDS = ["__MIN", "__MAX"];
const BETWEEN = " - ";

export function chartColumns(names: readonly string[]): Map<string, ChartColumn> {
  const all = new Set(names);
  const curves = names.filter((name) => name.includes(BETWEEN) && BOUNDS.every((bound) => all.has(name + bound)));
  const counts = new Map<string, number>();
  for (const name of curves) for (const { metric } of partings(name)) counts.set(metric, (counts.get(metric) ?? 0) + 1);
  const columns = new Map<string, ChartColumn>();
  for (const name of curves) {
    columns.set(
      name,
      mostOf(partings(name), ({ metric }) => counts.get(metric)!),
    );
    for (const bound of BOUNDS) columns.set(name + bound, "bound");
  }
  return columns;
}

/** All ways to part a name, the longest run first. */
function partings(name: string): { run: string; metric: string }[] {
  const found: { run: string; metric: string }[] = [];
  for (let at = name.lastIndexOf(BETWEEN); at > 0; at = name.lastIndexOf(BETWEEN, at - 1))
    found.push({ run: name.slice(0, at), metric: name.slice(at + BETWEEN.length) });
  return found;
}

/** The first of those that have the most. */
const mostOf = <T>(given: T[], count: (one: T) => number): T =>
  given.reduce((best, one) => (count(one) > count(best) ? one : best));
