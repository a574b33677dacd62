/**
 * What asks for rows that are spread over nodes, and how it does: what Citus can do with a statement hangs on it.
 *   run          names its run: one node answers, and every form of SQL is at hand, locks and `for update` among them
 *   gathered     asks all nodes for what a `with … as materialized` gathers by run; the coordinator joins its own tables to that
 *   handed       the rows of a statement are handed to the nodes by their runs, each to its own
 */
export type Asking = "run" | "gathered" | "handed";

export const spreadStatements: ReadonlyMap<string, readonly Asking[]> = new Map<string, readonly Asking[]>([
  ["bin/demo/servers/lead.ts", ["run"]],
  ["lib/imports/there.ts", ["gathered"]],
  ["lib/interop/find-runs.ts", ["gathered"]],
  ["lib/loops/handed-in.ts", ["gathered"]],
  ["lib/metrics/append.ts", ["run"]],
  ["lib/metrics/chunk-rows.ts", ["run"]],
  ["lib/metrics/compact.ts", ["run"]],
  ["lib/metrics/compacted-hashes.ts", ["run"]],
  ["lib/metrics/insert-batches.ts", ["handed", "run"]],
  ["lib/metrics/new-points.ts", ["handed"]],
  ["lib/metrics/query-chart.ts", ["run", "gathered"]],
  ["lib/metrics/uncompacted-batches.ts", ["run"]],
  ["lib/metrics/upkeep.ts", ["gathered", "run"]],
  ["lib/metrics/values-at-best.ts", ["run"]],
  ["lib/metrics/whole-series.ts", ["run"]],
  ["lib/runs/status.ts", ["run"]],
  ["lib/runs/writers.ts", ["run"]],
  ["lib/scrape.ts", ["gathered"]],
  ["lib/table/rows.ts", ["gathered"]],
]);
