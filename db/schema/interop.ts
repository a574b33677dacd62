/** What clients of other trackers' protocols say of runs and projects, kept as it came. Written by lib/interop. */
import {
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { at, bytewiseText, count, createdAt } from "./columns.ts";
import { projects } from "./projects.ts";
import { runs } from "./runs.ts";

/** Texts by key that a client put on a run. */
export const runProperties = pgTable(
  "run_properties",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    projectId: uuid("project_id").notNull(),
    key: bytewiseText("key").notNull(),
    value: bytewiseText("value").notNull(),
  },
  (table) => [
    primaryKey({ name: "run_properties_pk", columns: [table.runId, table.key] }),
    // the runs of a project that have a key
    index("run_properties_by_key").on(table.projectId, table.key, table.runId),
  ],
);

/** Texts by key that a client put on a project. */
export const projectProperties = pgTable(
  "project_properties",
  {
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    key: bytewiseText("key").notNull(),
    value: bytewiseText("value").notNull(),
  },
  (table) => [primaryKey({ name: "project_properties_pk", columns: [table.projectId, table.key] })],
);

/** Under which name a client logs a series whose split its name says: what it reads it back by. */
export const seriesKeys = pgTable(
  "series_keys",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    key: bytewiseText("key").notNull(),
    split: text("split", { enum: ["train", "validation", "test", "none"] }).notNull(),
    metric: text("metric").notNull(),
  },
  (table) => [
    primaryKey({ name: "series_keys_pk", columns: [table.runId, table.key] }),
    unique("series_keys_one_a_series").on(table.runId, table.split, table.metric),
  ],
);

/** Data that a client says a run read. No check looks at it: a split manifest is what the run cites. */
export const runInputs = pgTable(
  "run_inputs",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    projectId: uuid("project_id").notNull(),
    name: bytewiseText("name").notNull(),
    /** What the client computed; by its own rule. */
    digest: bytewiseText("digest").notNull(),
    sourceType: text("source_type").notNull(),
    source: text("source").notNull(),
    schema: text("schema"),
    profile: text("profile"),
    /** Texts by key, such as what the run read it for. */
    tags: jsonb("tags").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ name: "run_inputs_pk", columns: [table.runId, table.name, table.digest] }),
    // the runs of a project that read a data set
    index("run_inputs_by_name").on(table.projectId, table.name, table.runId),
  ],
);

/** Models that a client stored; their files are artifacts of the run that made them, under `models/ID/`. */
export const loggedModels = pgTable(
  "logged_models",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    /** Null: made outside a run; it has no files. No foreign key: runs are distributed. */
    runId: uuid("run_id"),
    name: text("name").notNull(),
    modelType: text("model_type"),
    status: text("status", { enum: ["unspecified", "pending", "ready", "failed"] }).notNull(),
    statusMessage: text("status_message"),
    /** Texts by key. */
    params: jsonb("params").notNull(),
    tags: jsonb("tags").notNull(),
    createdAt: createdAt(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [
    // a project's models, newest first; those of a name
    index("logged_models_of_project").on(table.projectId, table.createdAt.desc()),
    index("logged_models_of_run").on(table.runId),
  ],
);

/** Models that a run read or made, by its client's word. */
export const runModels = pgTable(
  "run_models",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    role: text("role", { enum: ["input", "output"] }).notNull(),
    /** As the client names it; it may be gone, or never have been here. */
    model: text("model").notNull(),
    /** Null of an input. */
    step: count("step"),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ name: "run_models_pk", columns: [table.runId, table.role, table.model] })],
);

/** What a client's logged model measured: points of its run that it says are the model's. The last of each name and data set. */
export const modelMetrics = pgTable(
  "model_metrics",
  {
    modelId: uuid("model_id")
      .notNull()
      .references(() => loggedModels.id, { onDelete: "cascade" }),
    /** The run that logged it. No foreign key: runs are distributed. */
    runId: uuid("run_id").notNull(),
    key: bytewiseText("key").notNull(),
    /** By the client's word; "" where it named none. */
    datasetName: bytewiseText("dataset_name").notNull(),
    datasetDigest: bytewiseText("dataset_digest").notNull(),
    value: doublePrecision("value").notNull(),
    step: count("step").notNull(),
    /** By the client's clock. */
    loggedAt: at("logged_at").notNull(),
  },
  (table) => [
    primaryKey({
      name: "model_metrics_pk",
      columns: [table.modelId, table.runId, table.key, table.datasetName, table.datasetDigest],
    }),
  ],
);

/** Names under which clients register versions of models. */
export const registeredModels = pgTable(
  "registered_models",
  {
    id: uuid("id").primaryKey(),
    /** Null: made by a token of the workspace, and none of its versions is of a run here yet. */
    projectId: uuid("project_id").references(() => projects.id, { onDelete: "cascade" }),
    name: bytewiseText("name").notNull(),
    description: text("description").notNull().default(""),
    /** Texts by key. */
    tags: jsonb("tags").notNull(),
    /** Deleted ones too: no number is given twice. */
    versionsMade: integer("versions_made").notNull().default(0),
    createdBy: text("created_by").notNull(),
    createdAt: createdAt(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [
    unique("registered_models_one_a_name").on(table.projectId, table.name).nullsNotDistinct(),
    // a name, whatever its project
    index("registered_models_by_name").on(table.name),
  ],
);

/** A version of a registered model: where its files are, by its client's word. */
export const modelVersions = pgTable(
  "model_versions",
  {
    modelId: uuid("model_id")
      .notNull()
      .references(() => registeredModels.id, { onDelete: "cascade" }),
    version: integer("version").notNull(),
    /** Of its run, or of its model where it has none here: who may read that project may read the version. */
    projectId: uuid("project_id").references(() => projects.id, { onDelete: "cascade" }),
    /** The run here that made it. Null: none, or none that its client may log to. No foreign key: runs are distributed. */
    runId: uuid("run_id"),
    /** The run as the client named it. */
    runWord: text("run_word"),
    /** The logged model as the client named it. */
    modelWord: text("model_word"),
    source: text("source").notNull(),
    /** Where a client reads the files: the source, or what it stands for. */
    filesAt: text("files_at").notNull(),
    runLink: text("run_link"),
    description: text("description").notNull().default(""),
    stage: text("stage", { enum: ["none", "staging", "production", "archived"] })
      .notNull()
      .default("none"),
    /** Texts by key. */
    tags: jsonb("tags").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: createdAt(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ name: "model_versions_pk", columns: [table.modelId, table.version] }),
    // what a run's page shows, and a project's
    index("model_versions_of_run").on(table.runId),
    index("model_versions_of_project").on(table.projectId),
  ],
);

/** Names that clients let point to versions, such as `champion`. They claim nothing: an alias of ours points to a claim. */
export const modelAliases = pgTable(
  "model_aliases",
  {
    modelId: uuid("model_id").notNull(),
    alias: bytewiseText("alias").notNull(),
    version: integer("version").notNull(),
    setBy: text("set_by").notNull(),
    setAt: at("set_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ name: "model_aliases_pk", columns: [table.modelId, table.alias] }),
    foreignKey({
      name: "model_aliases_of_version",
      columns: [table.modelId, table.version],
      foreignColumns: [modelVersions.modelId, modelVersions.version],
    }).onDelete("cascade"),
  ],
);
