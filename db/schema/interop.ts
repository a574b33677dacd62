/** What clients of other trackers' protocols say of runs and projects, kept as it came. Written by lib/interop. */
import { index, jsonb, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
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
