/** What stays for ever: looks, tombstones, and the audit. */
import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { at } from "./columns.ts";

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
    /** The evaluation that opened the split; null: none did. */
    evaluationId: uuid("evaluation_id"),
    /**
     * `logged`: a client logged a test number as an ordinary metric. `evaluation`: an evaluation opened the split. `pick`: a
     * member read whether a chosen run was chosen by such a number.
     */
    kind: text("kind", { enum: ["logged", "evaluation", "pick"] }).notNull(),
    /** What an evaluation is for; null where the kind is another. */
    purpose: text("purpose", { enum: ["final", "comparison", "debugging"] }),
    actor: text("actor").notNull(),
    reason: text("reason").notNull(),
    /** The confirmation that it used up, past the budget; null: it needed none. */
    confirmationId: uuid("confirmation_id"),
    /** When an import brought it, with the id, the time and the actor that it had where it was made; null: it was made here. */
    importedAt: at("imported_at"),
  },
  (table) => [
    index("looks_of_run").on(table.runId),
    index("looks_of_test_split").on(table.testDigest),
    // a confirmation is for one look
    uniqueIndex("looks_use_a_confirmation_once").on(table.confirmationId),
  ],
);

/** An admin's word that a project may look at a test split once more than its budget, for ever as looks are. */
export const lookConfirmations = pgTable(
  "look_confirmations",
  {
    id: uuid("id").primaryKey(),
    at: at("at").notNull().defaultNow(),
    projectId: uuid("project_id").notNull(),
    testDigest: text("test_digest").notNull(),
    actor: text("actor").notNull(),
    reason: text("reason").notNull(),
  },
  (table) => [index("look_confirmations_of_test_split").on(table.projectId, table.testDigest)],
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
  (table) => [
    index("audit_newest_first").on(table.id.desc()),
    // the ends and silences of runs that rules ask for
    index("audit_of_ends").on(table.projectId, table.at).where(sql`${table.action} in ('run.end', 'run.lost')`),
  ],
);
