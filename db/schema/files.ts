/** Files by their content, and the runs that have them. */
import {
  doublePrecision,
  foreignKey,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { count, createdAt } from "./columns.ts";
import { runs } from "./runs.ts";

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
