/** How tables lie where PostgreSQL is distributed (Citus): by a column, as a copy on every node, or on the coordinator alone. */
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";
import { tables } from "../schema/tables.ts";

/** By which column a table's rows are spread; rows of equal values of a kind lie on one node, together. */
const RUN = { kind: "run", column: "run_id" };
const MANIFEST = { kind: "manifest", column: "manifest_number" };
const DATASET = { kind: "dataset", column: "dataset_number" };

export type Spread = { kind: string; column: string };

/** In the order in which they are laid out: what others refer to comes first. */
const spread: [PgTable, Spread][] = [
  [tables.runs, { kind: "run", column: "id" }],
  ...[tables.attempts, tables.writers, tables.batches, tables.batchHashes].map(byRun),
  ...[tables.series, tables.seriesKeys, tables.chunks, tables.axes].map(byRun),
  ...[tables.runValues, tables.runTags, tables.runProperties, tables.runInputs, tables.runModels].map(byRun),
  ...[tables.artifacts, tables.checkpoints].map(byRun),
  ...[tables.evaluations, tables.predictionBatches, tables.evaluationPredictions, tables.evaluationReports].map(byRun),
  ...[tables.evaluationReleases, tables.evaluationComparisons, tables.reportShares, tables.labelMarks].map(byRun),
  [tables.manifestSamples, MANIFEST],
  [tables.nearPairs, MANIFEST],
  [tables.datasetSamples, DATASET],
];

/**
 * Small tables that refer to no other and are joined with none that is spread. They stay plain tables of the coordinator, where
 * Citus asks nothing of their statements: the clock changes `workspace` by the database's own time, jobs are claimed row by row.
 */
const local: PgTable[] = [
  ...[tables.workspace, tables.jobs, tables.rateLimits, tables.verifications, tables.links],
  ...[tables.webhookHosts, tables.signingKeys, tables.audit],
];

function byRun(table: PgTable): [PgTable, Spread] {
  return [table, RUN];
}

const nameOf = (table: PgTable): string => getTableConfig(table).name;

export const spreadTables: ReadonlyMap<string, Spread> = new Map(
  spread.map(([table, place]) => [nameOf(table), place]),
);
export const localTables: ReadonlySet<string> = new Set(local.map(nameOf));
