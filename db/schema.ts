/** Every table. A comment says who writes a column, its unit, and why it may be null; an index names its query. */
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  customType,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  pgView,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

const bytea = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => "bytea",
  toDriver: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
});
/** Text in the order of its UTF-8 bytes, whatever the database's locale. */
const bytewiseText = customType<{ data: string; driverData: string }>({ dataType: () => 'text collate "C"' });
const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const createdAt = () => at("created_at").notNull().defaultNow();
/** A count or a step: up to 2⁵³−1, so a JavaScript number holds it exactly. */
const count = (name: string) => bigint(name, { mode: "number" });

// -------------------------------------------------------------------------------------------- people (better-auth)

/** Members of the workspace. Written by lib/access; the columns are better-auth's, plus `role`. */
export const users = pgTable("users", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique("users_email_unique"),
  emailVerified: boolean("email_verified").notNull().default(false),
  image: text("image"),
  role: text("role", { enum: ["viewer", "member", "admin"] })
    .notNull()
    .default("viewer"),
  createdAt: createdAt(),
  updatedAt: at("updated_at").notNull().defaultNow(),
});

export const sessions = pgTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    token: text("token").notNull().unique("sessions_token_unique"),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    expiresAt: at("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt: createdAt(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [index("sessions_of_user").on(table.userId)],
);

export const accounts = pgTable(
  "accounts",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: at("access_token_expires_at"),
    refreshTokenExpiresAt: at("refresh_token_expires_at"),
    scope: text("scope"),
    password: text("password"),
    createdAt: createdAt(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [index("accounts_of_user").on(table.userId)],
);

export const verifications = pgTable("verifications", {
  id: text("id").primaryKey(),
  identifier: text("identifier").notNull(),
  value: text("value").notNull(),
  expiresAt: at("expires_at").notNull(),
  createdAt: createdAt(),
  updatedAt: at("updated_at").notNull().defaultNow(),
});

export const rateLimits = pgTable("rate_limits", {
  id: text("id").primaryKey(),
  key: text("key").notNull().unique("rate_limits_key_unique"),
  count: integer("count").notNull(),
  lastRequest: bigint("last_request", { mode: "number" }).notNull(),
});

/** One-time links: the first admin's, invitations, and sign-in for somebody who lost a password. */
export const links = pgTable("links", {
  id: uuid("id").primaryKey(),
  /** SHA-256 of the 256-bit secret, which is shown once and kept nowhere. */
  secretHash: bytea("secret_hash").notNull().unique("links_secret_unique"),
  purpose: text("purpose", { enum: ["first-admin", "invitation", "sign-in"] }).notNull(),
  /** Null: whoever holds the link names the address. */
  email: text("email"),
  role: text("role", { enum: ["viewer", "member", "admin"] }).notNull(),
  /** The member who made it, by name, and by id: who is removed leaves none behind. Null: the command line did. */
  createdBy: text("created_by"),
  createdById: text("created_by_id"),
  expiresAt: at("expires_at").notNull(),
  /** Null while unspent. */
  spentAt: at("spent_at"),
  createdAt: createdAt(),
});

// --------------------------------------------------------------------------------------------- workspace, projects

/** One row: the identity of this installation and the clock by which runs are lost. */
export const workspace = pgTable(
  "workspace",
  {
    id: integer("id").primaryKey().default(1),
    instance: uuid("instance").notNull(),
    /** The id in the folder of this installation's files (bin/serve/files-id.ts). Null: the next start says which it is. */
    filesId: uuid("files_id"),
    /** Since when some server has been up without a gap; silence is counted from here at the earliest. */
    upSince: at("up_since").notNull().defaultNow(),
    /** The last tick of any server. */
    aliveAt: at("alive_at").notNull().defaultNow(),
    createdAt: createdAt(),
  },
  (table) => [check("workspace_is_one_row", sql`${table.id} = 1`)],
);

export const projects = pgTable("projects", {
  id: uuid("id").primaryKey(),
  /** Made from the first name; stays when the name changes, so that links hold. */
  slug: text("slug").notNull().unique("projects_slug_unique"),
  name: text("name").notNull(),
  description: text("description").notNull().default(""),
  /** Null until somebody chooses it. */
  primaryMetric: text("primary_metric"),
  primarySplit: text("primary_split", { enum: ["train", "validation"] })
    .notNull()
    .default("validation"),
  primaryDirection: text("primary_direction", { enum: ["min", "max"] })
    .notNull()
    .default("max"),
  /** Paths of the config that make no difference between replicates. */
  replicateIgnores: text("replicate_ignores").array().notNull().default(sql`'{}'`),
  createdAt: createdAt(),
  /** Set while deleted but not purged: undo clears it. */
  deletedAt: at("deleted_at"),
});

/** What a project's members declared about its metrics. An undeclared metric has no 'best'. */
export const metrics = pgTable(
  "metrics",
  {
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    direction: text("direction", { enum: ["min", "max", "none"] }).notNull(),
    unit: text("unit").notNull().default(""),
  },
  (table) => [primaryKey({ name: "metrics_pk", columns: [table.projectId, table.name] })],
);

/** Tokens of machines. The secret is kept as its SHA-256 alone. */
export const tokens = pgTable(
  "tokens",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    scope: text("scope", { enum: ["ingest", "read", "admin"] }).notNull(),
    secretHash: bytea("secret_hash").notNull().unique("tokens_secret_unique"),
    /** The secret's first characters, for people to tell tokens apart. */
    hint: text("hint").notNull(),
    /** The name, at that time, of the member who made it; null: the command line. */
    createdBy: text("created_by"),
    /** The member who answers for it: its maker, or the admin who kept it when its maker left. Null: the command line. */
    ownerId: text("owner_id"),
    createdAt: createdAt(),
    /** Written at most once a minute. Null: never used. */
    usedAt: at("used_at"),
    revokedAt: at("revoked_at"),
  },
  (table) => [
    index("tokens_of_project").on(table.projectId),
    // what a member who is removed or demoted leaves behind
    index("tokens_of_owner").on(table.ownerId).where(sql`${table.revokedAt} is null`),
  ],
);

// ------------------------------------------------------------------------------------------------------------ runs

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
    /** The last sign of life, by the server's clock; written at most every few seconds. */
    heartbeatAt: at("heartbeat_at"),
    /** Points that the trainer could not keep: shown for ever. */
    pointsLost: count("points_lost").notNull().default(0),
    /** The step at which the project's primary metric was best in validation; null while there is none. */
    bestStep: count("best_step"),
    /** The primary metric became another since `best_step` was found. */
    bestStale: boolean("best_stale").notNull().default(false),
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

/** Named states of a project's runs table: its query string. */
export const savedViews = pgTable(
  "saved_views",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    query: text("query").notNull(),
    /** Seen by every member; else by its maker alone. */
    shared: boolean("shared").notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique("saved_views_name_unique").on(table.projectId, table.userId, table.name)],
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

// ------------------------------------------------------------------------------------- datasets and split manifests

/** A named, versioned set of samples. Written by lib/datasets/datasets.ts. */
export const datasets = pgTable("datasets", {
  id: uuid("id").primaryKey(),
  /** Stands for the id in the rows of its samples, which are many. */
  number: integer("number").notNull().generatedAlwaysAsIdentity().unique("datasets_number_unique"),
  name: text("name").notNull(),
  version: text("version").notNull(),
  description: text("description").notNull().default(""),
  /** Samples are in the order of time, and the future must not be trained on: time order is then a block. */
  temporal: boolean("temporal").notNull().default(false),
  /** Shorter side in pixels of the images that the thumbnails are made of; null: its maker didn't say, or none are. */
  imageSide: integer("image_side"),
  /** From here on no sample is added; null: samples still come. */
  completedAt: at("completed_at"),
  createdAt: createdAt(),
});

/** Which projects were given a dataset: they alone reach it. The project that registers one has it from the start. */
export const projectDatasets = pgTable(
  "project_datasets",
  {
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    datasetId: uuid("dataset_id")
      .notNull()
      .references(() => datasets.id),
    /** The dataset's own, which never change: so that a project knows one dataset by them. */
    name: text("name").notNull(),
    version: text("version").notNull(),
    /** Name of the member, token or system that gave it. */
    givenBy: text("given_by").notNull(),
    givenAt: at("given_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ name: "project_datasets_pk", columns: [table.projectId, table.datasetId] }),
    unique("project_datasets_version_unique").on(table.projectId, table.name, table.version),
    // the projects of a dataset
    index("project_datasets_by_dataset").on(table.datasetId),
  ],
);

/**
 * One row a sample. Immutable, and closed once the dataset is complete: a trigger holds that, and the reference to the
 * dataset, a statement at a time (a foreign key would cost as much as the insert).
 */
export const datasetSamples = pgTable(
  "dataset_samples",
  {
    datasetNumber: integer("dataset_number").notNull(),
    key: bytewiseText("key").notNull(),
    /** Hidden where `sealed`: no response holds it. */
    label: text("label"),
    group: text("group"),
    time: at("time"),
    byteHash: bytea("byte_hash"),
    contentHash: bytea("content_hash").notNull(),
    /** By which earlier versions knew the same content, 32 bytes each, one after the other; null: by none. */
    earlierHashes: bytea("earlier_hashes"),
    sealed: boolean("sealed").notNull().default(false),
    /** What split the dataset's maker put the sample in; null: in none. */
    givenSplit: text("given_split", { enum: ["train", "validation", "test"] }),
    /** Perceptual hash of the image and of its mirror image, 8 bytes each (lib/likeness/perceptual.ts); null: no image. */
    imageHash: bytea("image_hash"),
    /** 32 × 32 pixels, uint8, grey (1,024 bytes) or RGB (3,072); null where the sample is no image. */
    thumbnail: bytea("thumbnail"),
    /** The sample's text, its first 4,000 characters; null where it is none. */
    text: text("text"),
    /** The cells of a table's row, as JSON of name and canonical text (lib/wire/alike/row-features.ts); null: it is none. */
    features: text("features"),
  },
  (table) => [primaryKey({ name: "dataset_samples_once", columns: [table.datasetNumber, table.key] })],
);

/** The content of a split manifest, the same for every project that registered it. Immutable. */
export const manifests = pgTable("manifests", {
  /** SHA-256 of the canonical bytes, hexadecimal. */
  id: text("id").primaryKey(),
  /** Stands for the id in the rows of its samples, which are many. */
  number: integer("number").notNull().generatedAlwaysAsIdentity().unique("manifests_number_unique"),
  /** The dataset that made it first, whose samples the checks looked at. */
  datasetId: uuid("dataset_id")
    .notNull()
    .references(() => datasets.id),
  trainDigest: text("train_digest").notNull(),
  validationDigest: text("validation_digest").notNull(),
  testDigest: text("test_digest").notNull(),
  trainCount: integer("train_count").notNull(),
  validationCount: integer("validation_count").notNull(),
  testCount: integer("test_count").notNull(),
  createdAt: createdAt(),
});

/**
 * One row a sample. The primary key makes the splits mutually exclusive. Immutable: rows come with the manifest's own,
 * in one transaction, and never later; a trigger holds that a statement at a time.
 */
export const manifestSamples = pgTable(
  "manifest_samples",
  {
    manifestNumber: integer("manifest_number").notNull(),
    key: bytewiseText("key").notNull(),
    split: text("split", { enum: ["train", "validation", "test"] }).notNull(),
    /** Null where there is none, or where it is sealed. */
    label: text("label"),
    /** Samples of one group (a patient, a video) belong in one split. */
    group: text("group"),
    /** When the sample was taken, where that matters. */
    time: at("time"),
    /** SHA-256 of the file, where there is one. */
    byteHash: bytea("byte_hash"),
    /** SHA-256 of the decoded content. */
    contentHash: bytea("content_hash").notNull(),
    /** By which earlier versions knew the same content, 32 bytes each, one after the other; null: by none. */
    earlierHashes: bytea("earlier_hashes"),
  },
  (table) => [
    primaryKey({ name: "manifest_samples_in_one_split", columns: [table.manifestNumber, table.key] }),
    // the samples of a manifest that are known by an earlier hash: of most there are none
    index("manifest_samples_known_before").on(table.manifestNumber).where(sql`earlier_hashes is not null`),
  ],
);

/** A project's use of a manifest, with the header: how it was made. Immutable. */
export const manifestRegistrations = pgTable(
  "manifest_registrations",
  {
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    manifestId: text("manifest_id")
      .notNull()
      .references(() => manifests.id),
    /** Of this project, with the manifest's content; another project may have registered it from a dataset of its own. */
    datasetId: uuid("dataset_id").notNull(),
    name: text("name").notNull(),
    method: text("method").notNull(),
    seed: count("seed"),
    notes: text("notes").notNull(),
    /** How the split was made: fractions, assignment, folds, parent (`ManifestHeader` in lib/wire). */
    header: jsonb("header").notNull().default({}),
    /** SHA-256 of the header's canonical JSON; no part of the manifest's id. */
    headerDigest: text("header_digest").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ name: "manifest_registrations_pk", columns: [table.projectId, table.manifestId] }),
    foreignKey({
      name: "manifest_registrations_of_own_dataset",
      columns: [table.projectId, table.datasetId],
      foreignColumns: [projectDatasets.projectId, projectDatasets.datasetId],
    }),
  ],
);

/** What the checks of a manifest found. Written once by the job that checks; `manifest_verdicts` says what holds now. */
export const manifestReports = pgTable(
  "manifest_reports",
  {
    manifestId: text("manifest_id")
      .primaryKey()
      .references(() => manifests.id),
    /** The gravest verdict of all checks that apply. */
    verdict: text("verdict", { enum: ["pass", "cannot-tell", "warn", "block"] }).notNull(),
    /** `Check[]` of lib/wire. */
    checks: jsonb("checks").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    check("manifest_reports_verdict_known", sql`${table.verdict} in ('pass', 'cannot-tell', 'warn', 'block')`),
  ],
);

/** Samples of two splits that show the same thing, as the check found and compared them; at most 20,000 a manifest. */
export const nearPairs = pgTable(
  "near_pairs",
  {
    manifestNumber: integer("manifest_number").notNull(),
    aKey: bytewiseText("a_key").notNull(),
    bKey: bytewiseText("b_key").notNull(),
    /** Correlation of the images, or Jaccard similarity of the texts, 0–1. */
    similarity: doublePrecision("similarity").notNull(),
    /** One is the mirror image of the other. */
    mirrored: boolean("mirrored").notNull(),
  },
  (table) => [primaryKey({ name: "near_pairs_pk", columns: [table.manifestNumber, table.aKey, table.bKey] })],
);

/** A member's word on a pair; the newest holds. */
export const pairJudgements = pgTable(
  "pair_judgements",
  {
    id: uuid("id").primaryKey(),
    manifestId: text("manifest_id")
      .notNull()
      .references(() => manifests.id),
    aKey: bytewiseText("a_key").notNull(),
    bKey: bytewiseText("b_key").notNull(),
    same: boolean("same").notNull(),
    judgedBy: text("judged_by").notNull(),
    judgedAt: at("judged_at").notNull().defaultNow(),
  },
  (table) => [
    // the judgements of one manifest, in the order in which they were made
    index("pair_judgements_by_manifest").on(table.manifestId, table.id),
    // the newest word on a pair
    index("pair_judgements_by_pair").on(table.aKey, table.bKey, table.id),
  ],
);

/**
 * What holds of a manifest now. Reports are final, and a warning of near duplicates goes where people told all pairs
 * apart, in whichever of the dataset's manifests: then the check counts as it would without pairs (`withoutPairs`).
 */
export const manifestVerdicts = pgView("manifest_verdicts", {
  manifestId: text("manifest_id").notNull(),
  verdict: text("verdict", { enum: ["pass", "cannot-tell", "warn", "block"] }).notNull(),
  /** Every pair that the check of near duplicates found was told apart. False where it found none. */
  isToldApart: boolean("is_told_apart").notNull(),
}).as(sql`
  select r.manifest_id, case when told.apart then (
      select case when bool_or(v = 'warn') then 'warn' when bool_or(v = 'cannot-tell') then 'cannot-tell' else 'pass' end
      from (select case when c->>'name' = 'near-duplicates' then coalesce(c->>'withoutPairs', 'cannot-tell')
        else c->>'verdict' end as v from jsonb_array_elements(r.checks) c) checks)
    else r.verdict end as verdict, told.apart as is_told_apart
  from manifest_reports r
  join manifests m on m.id = r.manifest_id
  cross join lateral (
    select r.verdict = 'warn' and exists (select from near_pairs p where p.manifest_number = m.number)
      and not exists (
        select from near_pairs p where p.manifest_number = m.number and coalesce((
          select j.same from pair_judgements j join manifests other on other.id = j.manifest_id
          where j.a_key = p.a_key and j.b_key = p.b_key and other.dataset_id = m.dataset_id
          order by j.id desc limit 1), true)) as apart) told`);

/** The written word of a member that a blocked manifest is used all the same. Final. */
export const manifestOverrides = pgTable(
  "manifest_overrides",
  {
    projectId: uuid("project_id").notNull(),
    manifestId: text("manifest_id").notNull(),
    reason: text("reason").notNull(),
    overriddenBy: text("overridden_by").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ name: "manifest_overrides_pk", columns: [table.projectId, table.manifestId] }),
    foreignKey({
      name: "manifest_overrides_registered",
      columns: [table.projectId, table.manifestId],
      foreignColumns: [manifestRegistrations.projectId, manifestRegistrations.manifestId],
    }),
  ],
);

// --------------------------------------------------------------------------------------------------------- long work

/** Work that outlives a request: claimed with SKIP LOCKED under a lease, tried again when its worker died. */
export const jobs = pgTable(
  "jobs",
  {
    id: uuid("id").primaryKey(),
    /** Which program does it (lib/jobs). */
    kind: text("kind").notNull(),
    /** What it is about, such as a manifest's id: one job of a kind and subject at a time. */
    subject: text("subject").notNull(),
    input: jsonb("input").notNull().default({}),
    status: text("status", { enum: ["queued", "running", "done", "failed"] })
      .notNull()
      .default("queued"),
    /** 0–1. */
    progress: doublePrecision("progress").notNull().default(0),
    /** What it is at, in words. */
    stage: text("stage").notNull().default(""),
    attempts: integer("attempts").notNull().default(0),
    /** The worker that has it says that it lives before this time; after it another may take the job. */
    leaseUntil: at("lease_until"),
    /** Why it failed, in words; null unless it did. */
    error: text("error"),
    createdAt: createdAt(),
    endedAt: at("ended_at"),
  },
  (table) => [
    uniqueIndex("jobs_one_at_a_time").on(table.kind, table.subject).where(sql`status in ('queued', 'running')`),
    // the next job to take
    index("jobs_waiting").on(table.createdAt).where(sql`status in ('queued', 'running')`),
    // the newest job about a subject
    index("jobs_by_subject").on(table.kind, table.subject, table.createdAt),
  ],
);

// ------------------------------------------------------------------------------------------------- files of a run

/** A file in the content-addressed store, written there before this row. */
export const blobs = pgTable("blobs", {
  /** SHA-256 of the content, computed by the server. */
  sha256: text("sha256").primaryKey(),
  sizeBytes: count("size_bytes").notNull(),
  createdAt: createdAt(),
});

export const artifacts = pgTable(
  "artifacts",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    path: text("path").notNull(),
    sha256: text("sha256")
      .notNull()
      .references(() => blobs.sha256),
    contentType: text("content_type").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ name: "artifacts_pk", columns: [table.runId, table.path] }),
    // whether a project holds a file already; which files nothing refers to
    index("artifacts_by_content").on(table.sha256),
  ],
);

/** Weights at a step, and the metrics at that step. */
export const checkpoints = pgTable(
  "checkpoints",
  {
    id: uuid("id").primaryKey(),
    runId: uuid("run_id").notNull(),
    path: text("path").notNull(),
    step: count("step").notNull(),
    epoch: doublePrecision("epoch").notNull(),
    /** {"split/metric": number or "NaN", "Infinity", "-Infinity"}. */
    values: jsonb("values").notNull(),
    /** {"fittedOn": digest of the run's training split, "values"}; null: nothing was fitted. */
    preprocessing: jsonb("preprocessing"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("checkpoints_one_a_file").on(table.runId, table.path),
    foreignKey({
      name: "checkpoints_of_artifact",
      columns: [table.runId, table.path],
      foreignColumns: [artifacts.runId, artifacts.path],
    }).onDelete("cascade"),
  ],
);

// ------------------------------------------------------------------------------------------------- what stays

/** Each look at a test split, for ever: it has no foreign keys, and outlives what it names. */
export const looks = pgTable(
  "looks",
  {
    id: uuid("id").primaryKey(),
    at: at("at").notNull().defaultNow(),
    projectId: uuid("project_id").notNull(),
    runId: uuid("run_id").notNull(),
    manifestId: text("manifest_id"),
    /** The digest of the test split looked at; null for an uncited run. */
    testDigest: text("test_digest"),
    checkpointId: uuid("checkpoint_id"),
    /** `logged`: a client logged a test number as an ordinary metric. */
    kind: text("kind", { enum: ["logged"] }).notNull(),
    actor: text("actor").notNull(),
    reason: text("reason").notNull(),
  },
  (table) => [index("looks_of_run").on(table.runId), index("looks_of_test_split").on(table.testDigest)],
);

/** What is left of a purged run or project. */
export const tombstones = pgTable("tombstones", {
  id: uuid("id").primaryKey(),
  kind: text("kind", { enum: ["run", "project"] }).notNull(),
  projectId: uuid("project_id").notNull(),
  name: text("name").notNull(),
  config: jsonb("config"),
  purgedBy: text("purged_by").notNull(),
  purgedAt: at("purged_at").notNull().defaultNow(),
});

/** Every act of a person or an admin token, and a run's start and end. */
export const audit = pgTable(
  "audit",
  {
    id: uuid("id").primaryKey(),
    at: at("at").notNull().defaultNow(),
    /** member:ID, token:ID or system. */
    actor: text("actor").notNull(),
    /** The name it went by at that time. */
    actorName: text("actor_name").notNull(),
    /** A verb of the permission table, or what the system did. */
    action: text("action").notNull(),
    /** run:ID, project:ID, member:ID … */
    subject: text("subject").notNull(),
    projectId: uuid("project_id"),
    detail: jsonb("detail").notNull(),
  },
  (table) => [index("audit_newest_first").on(table.id.desc())],
);
