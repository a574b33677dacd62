/** What came with exports of other projects and installations: their word on runs and manifests, and nobody's result here. */
import { sql } from "drizzle-orm";
import { check, index, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { at } from "./columns.ts";
import { projects } from "./projects.ts";

/**
 * An evaluation, a claim or an override that was made elsewhere, as it came. Final: one that comes again and says otherwise is
 * another row, and the newest holds. Of runs without a foreign key: runs are distributed.
 */
export const importedRecords = pgTable(
  "imported_records",
  {
    /** UUIDv7: sorts by when it came. */
    id: uuid("id").primaryKey(),
    /** The rows go before their project: a trigger has them deleted by who purges it. */
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    kind: text("kind", { enum: ["override", "evaluation", "claim"] }).notNull(),
    /** The run here that it is of; null: an override is of a manifest alone. */
    runId: uuid("run_id"),
    /** Of what it speaks; it may be unknown here. */
    manifestId: text("manifest_id").notNull(),
    /** The id that it had where it was made. */
    recordId: uuid("record_id").notNull(),
    /** `ImportedRecord` of lib/wire without kind and run. */
    body: jsonb("body").notNull(),
    /** SHA-256 of the body's JSON: the same again is known by it. */
    digest: text("digest").notNull(),
    importedBy: text("imported_by").notNull(),
    importedAt: at("imported_at").notNull().defaultNow(),
  },
  (table) => [
    unique("imported_records_once")
      .on(table.projectId, table.kind, table.recordId, table.runId, table.digest)
      .nullsNotDistinct(),
    // what came of a run
    index("imported_records_of_run").on(table.runId),
    // overrides of a manifest
    index("imported_records_of_manifest").on(table.manifestId, table.projectId),
    check("imported_records_override_of_no_run", sql`(${table.kind} = 'override') = (${table.runId} is null)`),
  ],
);
