/** Runs, their configs and tags, views of their table, and who logs to them. */
import { sql } from "drizzle-orm";
import {
  boolean,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { at, bytea, bytewiseText, count, createdAt } from "./columns.ts";
import { manifestRegistrations } from "./manifests.ts";
import { users } from "./people.ts";
import { projects } from "./projects.ts";

export const runs = pgTable(
  "runs",
  {
    /** UUIDv7: made by the trainer or the server, sorts by creation. */
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    notes: text("notes").notNull().default(""),
    status: text("status", { enum: ["queued", "running", "finished", "failed", "killed", "lost"] }).notNull(),
    /** {reason, message, stack, signal}; null unless failed or killed by a signal. */
    failure: jsonb("failure"),
    config: jsonb("config").notNull(),
    seed: count("seed"),
    /** The manifest's id; null: uncited. */
    manifestId: text("manifest_id"),
    /** The run whose checkpoint this one's weights began as, which may be gone by now; null: from nothing. */
    parentId: uuid("parent_id"),
    /** Path and SHA-256 of that checkpoint. */
    parentCheckpoint: text("parent_checkpoint"),
    parentSha256: text("parent_sha256"),
    /** Test samples of its manifest that a parent, or a parent's, was trained on; null: nobody knows. */
    testSeenCount: integer("test_seen_count"),
    /** Repository, commit, diff, command; null where it wasn't captured. */
    code: jsonb("code"),
    /** SHA-256 of what created the run, so that the same creation sent again is known as such. */
    creationHash: bytea("creation_hash").notNull(),
    createdAt: createdAt(),
    startedAt: at("started_at"),
    endedAt: at("ended_at"),
    /** Its client sends no signs of life, as those of other protocols don't: it is taken for lost after a day. */
    quiet: boolean("quiet").notNull().default(false),
    /** The last sign of life, by the server's clock; written at most every few seconds. */
    heartbeatAt: at("heartbeat_at"),
    /** Points that the trainer could not keep: shown for ever. */
    pointsLost: count("points_lost").notNull().default(0),
    /** The step at which the project's primary metric was best in validation; null while there is none. */
    bestStep: count("best_step"),
    /** The primary metric became another since `best_step` was found. */
    bestStale: boolean("best_stale").notNull().default(false),
    /** Which of the twelve colours of curves a member chose, from 0; null: the page gives one. */
    color: smallint("color"),
    /** Hidden from the table unless asked for. */
    archivedAt: at("archived_at"),
    deletedAt: at("deleted_at"),
    /** Name of the member or token that created it. */
    createdBy: text("created_by").notNull(),
    /** SHA-256 of config and manifest, seed and the project's `replicate_ignores` aside: equal in replicates. */
    replicateKey: bytea("replicate_key"),
    /** SHA-256 of what was captured of the code, the command line aside; null where nothing was. */
    codeDigest: bytea("code_digest"),
  },
  (table) => [
    // the table sorted by what a run itself has; an expression's own columns stand at the end, so that the index is enough
    index("runs_by_name")
      .on(table.projectId, sql`lower(${table.name})`, table.id, table.name)
      .where(sql`${table.deletedAt} is null`),
    index("runs_by_status").on(table.projectId, table.status, table.id).where(sql`${table.deletedAt} is null`),
    index("runs_by_seed").on(table.projectId, table.seed, table.id).where(sql`${table.deletedAt} is null`),
    index("runs_by_duration")
      .on(
        table.projectId,
        sql`(coalesce(${table.endedAt}, ${table.heartbeatAt}) - ${table.startedAt})`,
        table.id,
        table.endedAt,
        table.heartbeatAt,
        table.startedAt,
      )
      .where(sql`${table.deletedAt} is null`),
    index("runs_by_created").on(table.projectId, table.createdAt, table.id).where(sql`${table.deletedAt} is null`),
    index("runs_by_started").on(table.projectId, table.startedAt, table.id).where(sql`${table.deletedAt} is null`),
    index("runs_by_ended").on(table.projectId, table.endedAt, table.id).where(sql`${table.deletedAt} is null`),
    index("runs_by_manifest").on(table.projectId, table.manifestId, table.id).where(sql`${table.deletedAt} is null`),
    // those that the table leaves out
    index("runs_hidden")
      .on(table.projectId, table.id)
      .where(sql`${table.deletedAt} is not null or ${table.archivedAt} is not null`),
    // replicates of a run
    index("runs_by_replicate_key")
      .on(table.projectId, table.replicateKey, table.id)
      .where(sql`${table.deletedAt} is null`),
    // a project's runs, newest first, deleted ones aside
    index("runs_of_project").on(table.projectId, table.id.desc()).where(sql`${table.deletedAt} is null`),
    // those whose best step the upkeep finds anew
    index("runs_best_stale").on(table.id).where(sql`${table.bestStale}`),
    // the runs that began as a run's weights
    index("runs_of_parent").on(table.parentId, table.id).where(sql`${table.parentId} is not null`),
    // the sweep for silent runs
    index("runs_alive").on(table.heartbeatAt).where(sql`${table.status} = 'running'`),
    foreignKey({
      name: "runs_manifest_registered",
      columns: [table.projectId, table.manifestId],
      foreignColumns: [manifestRegistrations.projectId, manifestRegistrations.manifestId],
    }),
  ],
);

/** The config of a run, flat: what the runs table filters and sorts by. Written with the run; lists are JSON text. */
export const runValues = pgTable(
  "run_values",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    projectId: uuid("project_id").notNull(),
    /** The path with dots, of at most 300 characters: longer ones can't be asked for. */
    key: bytewiseText("key").notNull(),
    /** Null unless the value is a number. */
    number: doublePrecision("number"),
    /** The first 300 characters: the table's order; `true` or `false` of a boolean; null for a number and for null. */
    text: bytewiseText("text"),
    /** All of a text of over 300 characters; null where `text` is all. */
    whole: bytewiseText("whole"),
    /** SHA-256 of `whole` in UTF-8: tells longer texts apart by the index alone. Null as `whole` is. */
    digest: bytea("digest"),
    /** The text that a number was read from, where a client sent a text; null: it came as a number. */
    given: bytewiseText("given"),
  },
  (table) => [
    primaryKey({ name: "run_values_pk", columns: [table.runId, table.key] }),
    // the table sorted and filtered by a config key
    index("run_values_by_number")
      .on(table.projectId, table.key, table.number, table.runId)
      .where(sql`${table.number} is not null`),
    index("run_values_by_text")
      .on(table.projectId, table.key, table.text, table.runId, table.digest)
      .where(sql`${table.text} is not null`),
  ],
);

/** Words that people put on runs. */
export const runTags = pgTable(
  "run_tags",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    projectId: uuid("project_id").notNull(),
    tag: bytewiseText("tag").notNull(),
  },
  (table) => [
    primaryKey({ name: "run_tags_pk", columns: [table.runId, table.tag] }),
    // the runs with a tag, and a project's tags
    index("run_tags_by_tag").on(table.projectId, table.tag, table.runId),
  ],
);

/** States of a project's pages, each the query string of its address: under a name, or behind a short link. */
export const savedViews = pgTable(
  "saved_views",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    /** Null: a short link, which is nobody's. */
    userId: text("user_id").references(() => users.id, { onDelete: "cascade" }),
    page: text("page", { enum: ["runs", "compare"] })
      .notNull()
      .default("runs"),
    /** Null of a short link: no menu lists it and nobody changes it. Its id is made from project, page and query. */
    name: text("name"),
    query: text("query").notNull(),
    /** Seen by every member; else by its maker alone. */
    shared: boolean("shared").notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique("saved_views_name_unique").on(table.projectId, table.userId, table.page, table.name)],
);

/** A start of a run: 1 is the first, a resume makes the next. */
export const attempts = pgTable(
  "attempts",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    number: integer("number").notNull(),
    /** The step of the checkpoint that it went on from; null: it began at the beginning. */
    resumeStep: count("resume_step"),
    environment: jsonb("environment").notNull(),
    startedAt: at("started_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ name: "attempts_pk", columns: [table.runId, table.number] })],
);

/** One process that logs to a run, a fresh id each start. */
export const writers = pgTable(
  "writers",
  {
    runId: uuid("run_id").notNull(),
    id: uuid("id").notNull(),
    /** The writer's number in the run, from 1: orders writes to one step within an attempt. */
    number: integer("number").notNull(),
    attempt: integer("attempt").notNull(),
    /** Points that this writer could not keep; the run holds the sum. */
    pointsLost: count("points_lost").notNull().default(0),
    /** Batches up to this sequence are in chunks; a row of theirs in `batches` is dead. Written by the compactor. */
    doneSequence: count("done_sequence").notNull().default(0),
    /** Batches up to this sequence count in the summaries of the run's series. Written with them. */
    summedSequence: count("summed_sequence").notNull().default(0),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ name: "writers_pk", columns: [table.runId, table.id] }),
    unique("writers_number_unique").on(table.runId, table.number),
    foreignKey({
      name: "writers_of_attempt",
      columns: [table.runId, table.attempt],
      foreignColumns: [attempts.runId, attempts.number],
    }).onDelete("cascade"),
  ],
);
