/** Points: as batches when they come, then as chunks of series. */
import { sql } from "drizzle-orm";
import {
  boolean,
  doublePrecision,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { at, bytea, count } from "./columns.ts";
import { runs, writers } from "./runs.ts";

/**
 * One packed row an accepted batch, until the compactor has put its points into chunks. The primary key, with
 * `writers.done_sequence`, is the ledger that stores each batch once.
 */
export const batches = pgTable(
  "batches",
  {
    runId: uuid("run_id").notNull(),
    /** The writer's number in the run. */
    writer: integer("writer").notNull(),
    /** The writer's own count, from 1. */
    sequence: count("sequence").notNull(),
    points: integer("points").notNull(),
    /** SHA-256 of `data`: the same sequence with other bytes is refused. */
    hash: bytea("hash").notNull(),
    /** `encodeBatch` of lib/wire. */
    data: bytea("data").notNull(),
    receivedAt: at("received_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ name: "batches_once", columns: [table.runId, table.writer, table.sequence] }),
    foreignKey({
      name: "batches_of_writer",
      columns: [table.runId, table.writer],
      foreignColumns: [writers.runId, writers.number],
    }).onDelete("cascade"),
  ],
);

/**
 * What became of batches that are in chunks: eight bytes of each one's hash, so that the same sequence with other points is
 * refused then as well. Zeros: nothing is known, as of those before there was this table. Written by the compactor.
 */
export const batchHashes = pgTable(
  "batch_hashes",
  {
    runId: uuid("run_id").notNull(),
    /** The writer's number in the run. */
    writer: integer("writer").notNull(),
    /** Sequences `1024 · block + 1` to `1024 · (block + 1)`. */
    block: count("block").notNull(),
    /** Eight bytes a sequence, in order, as far as the writer's `done_sequence`. */
    hashes: bytea("hashes").notNull(),
  },
  (table) => [
    primaryKey({ name: "batch_hashes_pk", columns: [table.runId, table.writer, table.block] }),
    foreignKey({
      name: "batch_hashes_of_writer",
      columns: [table.runId, table.writer],
      foreignColumns: [writers.runId, writers.number],
    }).onDelete("cascade"),
  ],
);

/** What the runs table sorts by, as SQL over a row of `series`: the words of the indexes, to be used as they are. */
export const summaryValues = {
  last: "nullif(last, 'NaN'::double precision)",
  min: "min",
  max: "max",
  mean: "nullif(sum / nullif(count - non_finite_count, 0)::double precision, 'NaN'::double precision)",
  atBest: "nullif(at_best, 'NaN'::double precision)",
} as const;

/** Every (run, split, metric) with its exact summary, at most two seconds behind the batches. */
export const series = pgTable(
  "series",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    /** Within the run, from 1: what the chunks call this series. */
    number: integer("number").notNull(),
    /** The run's project, so that an index can sort a project's runs by a metric. */
    projectId: uuid("project_id").notNull(),
    /** `none` where the metric belongs to no split. */
    split: text("split", { enum: ["train", "validation", "test", "none"] }).notNull(),
    metric: text("metric").notNull(),
    /** A test number: shown in no table, sort, chart, 'best' or objective. */
    quarantined: boolean("quarantined").notNull(),
    /** Points, overwritten ones counted once. */
    count: count("count").notNull(),
    nonFiniteCount: count("non_finite_count").notNull(),
    overwrittenCount: count("overwritten_count").notNull(),
    stepLast: count("step_last").notNull(),
    /** May be NaN or infinite. */
    last: doublePrecision("last").notNull(),
    /** Of the finite values; null where there is none. */
    min: doublePrecision("min"),
    minStep: count("min_step"),
    max: doublePrecision("max"),
    maxStep: count("max_step"),
    /** Sum of the finite values. */
    sum: doublePrecision("sum").notNull(),
    /** The value at `runs.best_step`, or the last one before it; null where there is none. */
    atBest: doublePrecision("at_best"),
    /** The summary of the points in chunks alone, packed; null while there are none. The rest extends it. */
    compacted: bytea("compacted"),
  },
  (table) => [
    primaryKey({ name: "series_pk", columns: [table.runId, table.split, table.metric] }),
    unique("series_number_unique").on(table.runId, table.number),
    // the runs table sorted by a summary, NaN being no value there; the columns of an expression stand at the end, so
    // that the index is enough
    index("series_by_last")
      .on(table.projectId, table.metric, table.split, sql.raw(`(${summaryValues.last})`), table.runId, table.last)
      .where(sql`not ${table.quarantined}`),
    index("series_by_min")
      .on(table.projectId, table.metric, table.split, table.min, table.runId)
      .where(sql`not ${table.quarantined}`),
    index("series_by_max")
      .on(table.projectId, table.metric, table.split, table.max, table.runId)
      .where(sql`not ${table.quarantined}`),
    index("series_by_mean")
      .on(
        table.projectId,
        table.metric,
        table.split,
        sql.raw(`(${summaryValues.mean})`),
        table.runId,
        table.sum,
        table.count,
        table.nonFiniteCount,
      )
      .where(sql`not ${table.quarantined}`),
    index("series_by_at_best")
      .on(table.projectId, table.metric, table.split, sql.raw(`(${summaryValues.atBest})`), table.runId, table.atBest)
      .where(sql`not ${table.quarantined}`),
  ],
);

/**
 * Points of a series in order of steps, packed in columns: level 0 holds the points, an entry of level k+1 the
 * extremes of up to 16 entries of level k. Rows of one level never overlap. Written by the compactor.
 */
export const chunks = pgTable(
  "chunks",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    /** `series.number`. */
    series: integer("series").notNull(),
    level: smallint("level").notNull(),
    stepFirst: count("step_first").notNull(),
    stepLast: count("step_last").notNull(),
    /** Points, or entries of a higher level. */
    entries: integer("entries").notNull(),
    /** Of the finite values of level 0; null at higher levels. */
    sum: doublePrecision("sum"),
    /** `axes.id` of the steps and times. */
    axis: uuid("axis").notNull(),
    data: bytea("data").notNull(),
  },
  (table) => [
    primaryKey({ name: "chunks_pk", columns: [table.runId, table.series, table.level, table.stepFirst] }),
    // whether an axis is still in use
    index("chunks_of_axis").on(table.runId, table.axis),
  ],
);

/** Steps and times of chunks, once for all series of a run that were logged together. Named by content. */
export const axes = pgTable(
  "axes",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    /** The first 128 bits of the SHA-256 of `data`. */
    id: uuid("id").notNull(),
    data: bytea("data").notNull(),
  },
  (table) => [primaryKey({ name: "axes_pk", columns: [table.runId, table.id] })],
);
