/**
 * What asks for rows that are spread over nodes, and how it does: what Citus can do with a statement hangs on it.
 *   run          names its run: one node answers, and every form of SQL is at hand, locks and `for update` among them
 *   gathered     asks all nodes for what a `with … as materialized` gathers by run; the coordinator joins its own tables to that
 *   handed       the rows of a statement are handed to the nodes by their runs, each to its own
 */
export type Asking = "run" | "gathered" | "handed";

export const spreadStatements: ReadonlyMap<string, readonly Asking[]> = new Map<string, readonly Asking[]>([]);
