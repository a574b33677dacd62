/**
 * Where each table lies when PostgreSQL is distributed (Citus). The points, nearly all of the bytes, are spread over the nodes by
 * their run. All else stays a plain table of the coordinator, where Citus asks nothing of its statements.
 */
import { getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { tables } from "../schema/tables.ts";

/**
 * Spread by `run_id`: a run's rows lie on one node, together, so that its compaction is one transaction there. In the order in which
 * they are laid out; a foreign key goes from one to one before it, or is none there.
 */
const spread = [tables.writers, tables.batches, tables.batchHashes, tables.axes, tables.chunks];

/** On the coordinator alone. */
const plain = [
  ...[tables.championRules, tables.claims, tables.signOffs, tables.claimWords, tables.aliasMoves, tables.signingKeys],
  ...[tables.datasets, tables.projectDatasets, tables.datasetSamples],
  ...[
    tables.evaluations,
    tables.predictionBatches,
    tables.evaluationPredictions,
    tables.evaluationReports,
    tables.evaluationReleases,
    tables.evaluationComparisons,
    tables.reportShares,
    tables.labelMarks,
  ],
  ...[tables.blobs, tables.artifacts, tables.checkpoints],
  ...[tables.looks, tables.lookConfirmations, tables.tombstones, tables.audit],
  ...[tables.importedRecords],
  ...[tables.notifications, tables.alertRules, tables.alertEvents],
  ...[
    tables.runProperties,
    tables.projectProperties,
    tables.seriesKeys,
    tables.runInputs,
    tables.loggedModels,
    tables.runModels,
    tables.modelMetrics,
    tables.registeredModels,
    tables.modelVersions,
    tables.modelAliases,
  ],
  ...[tables.jobs],
  ...[
    tables.manifests,
    tables.manifestSamples,
    tables.manifestRegistrations,
    tables.manifestReports,
    tables.nearPairs,
    tables.pairJudgements,
    tables.manifestOverrides,
    tables.refereeSplits,
  ],
  ...[
    tables.users,
    tables.sessions,
    tables.accounts,
    tables.verifications,
    tables.rateLimits,
    tables.passkeys,
    tables.links,
  ],
  ...[tables.workspace, tables.projects, tables.metrics, tables.projectMembers, tables.tokens],
  ...[tables.reviews, tables.reviewDecisions, tables.threads, tables.comments, tables.commentEdits, tables.seenMarks],
  ...[tables.runs, tables.runValues, tables.runTags, tables.savedViews, tables.attempts],
  ...[tables.series],
  ...[
    tables.studies,
    tables.workers,
    tables.trials,
    tables.loops,
    tables.loopRuns,
    tables.rulings,
    tables.loopRequests,
    tables.loopCandidates,
    tables.loopAnswers,
    tables.refereeScores,
  ],
  ...[tables.studyAnswers],
  ...[tables.webhookHosts, tables.webhooks, tables.webhookDeliveries],
];

export const SPREAD_BY = "run_id";
export const spreadTables: readonly string[] = spread.map(getTableName);
export const coordinatorTables: readonly string[] = plain.map(getTableName);
/** Every table of the schema. */
export const everyTable: readonly PgTable[] = Object.values(tables as Record<string, unknown>).filter(
  (one): one is PgTable => is(one, PgTable),
);
