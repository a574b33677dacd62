/** Evaluations: what a checkpoint said of the samples of a split, and the reports made of it. */
import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { at, bytea, bytewiseText, count, createdAt } from "./columns.ts";
import { blobs } from "./files.ts";
import { manifests } from "./manifests.ts";
import { runs } from "./runs.ts";

/** Opened before the first prediction comes. Final: what came of it stands in rows of their own. */
export const evaluations = pgTable(
  "evaluations",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => runs.id),
    /** UUIDv7: made by the client or the server, sorts by creation. */
    id: uuid("id").notNull(),
    projectId: uuid("project_id").notNull(),
    checkpointId: uuid("checkpoint_id").notNull(),
    /** Of the checkpoint: where it stands, its content and its step. */
    checkpointPath: text("checkpoint_path").notNull(),
    checkpointSha256: text("checkpoint_sha256").notNull(),
    step: count("step").notNull(),
    /** The manifest that the run cites. */
    manifestId: text("manifest_id")
      .notNull()
      .references(() => manifests.id),
    split: text("split", { enum: ["validation", "test"] }).notNull(),
    splitDigest: text("split_digest").notNull(),
    /** How many the split has. */
    samples: integer("samples").notNull(),
    task: text("task", { enum: ["classification", "regression", "segmentation"] }).notNull(),
    /** What a prediction is: a class, scores of all classes, a value, or a mask. */
    form: text("form", { enum: ["class", "scores", "value", "mask"] }).notNull(),
    /** Labels by the index that predictions know them by; null: of a value there are none. */
    classes: jsonb("classes").$type<string[]>(),
    scoresAre: text("scores_are", { enum: ["probabilities", "logits"] }),
    /** Where predictions come in the order of the keys' bytes: the digest of the keys; null: each says its key. */
    keysDigest: text("keys_digest"),
    /** Why the test split was opened; null for validation. */
    purpose: text("purpose", { enum: ["final", "comparison", "debugging"] }),
    reason: text("reason"),
    /** What a prediction takes, as the client measured it (`Cost` in lib/wire); null: it didn't. */
    cost: jsonb("cost"),
    /** What the client tried before it sent its numbers (`Soundness` in lib/wire); null: it didn't say. */
    soundness: jsonb("soundness"),
    /** SHA-256 of what opened it, so that the same sent again is known as such. */
    creationHash: bytea("creation_hash").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ name: "evaluations_pk", columns: [table.runId, table.id] }),
    // one by its id alone; those of a project, newest first
    index("evaluations_by_id").on(table.id),
    index("evaluations_of_project").on(table.projectId, table.id.desc()),
    // those of a test split, whichever project's
    index("evaluations_of_split").on(table.splitDigest, table.split),
    check(
      "evaluations_test_has_reason",
      sql`${table.split} <> 'test' or (${table.purpose} is not null and ${table.reason} is not null)`,
    ),
  ],
);

const ofEvaluation = (name: string, table: { runId: never; evaluationId: never }) =>
  foreignKey({ name, columns: [table.runId, table.evaluationId], foreignColumns: [evaluations.runId, evaluations.id] });

/** One row a batch of predictions. Its key makes retries harmless. */
export const predictionBatches = pgTable(
  "prediction_batches",
  {
    runId: uuid("run_id").notNull(),
    evaluationId: uuid("evaluation_id").notNull(),
    /** From 1, given by the client. */
    sequence: integer("sequence").notNull(),
    rows: integer("rows").notNull(),
    /** SHA-256 of what came: the same again is known by it. */
    hash: bytea("hash").notNull(),
    /** The batch as it is kept until the evaluation is complete; null from then on. */
    file: text("file").references(() => blobs.sha256),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ name: "prediction_batches_pk", columns: [table.runId, table.evaluationId, table.sequence] }),
    ofEvaluation("prediction_batches_of_evaluation", table as never),
    // which files nothing refers to
    index("prediction_batches_by_file").on(table.file).where(sql`${table.file} is not null`),
  ],
);

/** The predictions of a complete evaluation, packed in columns in the order of the keys' bytes. Final. */
export const evaluationPredictions = pgTable(
  "evaluation_predictions",
  {
    runId: uuid("run_id").notNull(),
    evaluationId: uuid("evaluation_id").notNull(),
    file: text("file")
      .notNull()
      .references(() => blobs.sha256),
    completedAt: at("completed_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ name: "evaluation_predictions_pk", columns: [table.runId, table.evaluationId] }),
    ofEvaluation("evaluation_predictions_of_evaluation", table as never),
    // which files nothing refers to
    index("evaluation_predictions_by_file").on(table.file),
  ],
);

/** What was computed from predictions, once for each version of the definitions. Final. */
export const evaluationReports = pgTable(
  "evaluation_reports",
  {
    runId: uuid("run_id").notNull(),
    evaluationId: uuid("evaluation_id").notNull(),
    /** Of the definitions (`DEFINITIONS_VERSION` in lib/wire). */
    version: integer("version").notNull(),
    /** `Panels` of lib/wire. */
    panels: jsonb("panels").notNull(),
    /** SHA-256 of the report's canonical JSON (RFC 8785). */
    digest: text("digest").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ name: "evaluation_reports_pk", columns: [table.runId, table.evaluationId, table.version] }),
    ofEvaluation("evaluation_reports_of_evaluation", table as never),
  ],
);

/**
 * What a test evaluation released where its project shows no report: in mode ladder a rung, in one-bit whether it was
 * better. Written with the report; in the order of their times each is measured beside the best before it. Final.
 */
export const evaluationReleases = pgTable(
  "evaluation_releases",
  {
    runId: uuid("run_id").notNull(),
    evaluationId: uuid("evaluation_id").notNull(),
    projectId: uuid("project_id").notNull(),
    testDigest: text("test_digest").notNull(),
    mode: text("mode", { enum: ["ladder", "one-bit"] }).notNull(),
    /** Whether it beat what it was measured beside: then it is the best from here on. */
    better: boolean("better").notNull(),
    /** Of a ladder: the mean loss that is shown, rounded to one sample; null in one-bit. */
    loss: doublePrecision("loss"),
    /** The evaluation it was measured beside; null: it was the first. */
    besideRunId: uuid("beside_run_id"),
    besideEvaluationId: uuid("beside_evaluation_id"),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ name: "evaluation_releases_pk", columns: [table.runId, table.evaluationId] }),
    ofEvaluation("evaluation_releases_of_evaluation", table as never).onDelete("cascade"),
    // the best so far of a project on a test split
    index("evaluation_releases_of_split").on(table.projectId, table.testDigest, table.createdAt),
  ],
);

/** What a job found that compared evaluations in pairs, for whoever asks again. It can be made anew at any time. */
export const evaluationComparisons = pgTable(
  "evaluation_comparisons",
  {
    /** The baseline. */
    runId: uuid("run_id").notNull(),
    evaluationId: uuid("evaluation_id").notNull(),
    /** SHA-256 of what was asked: the evaluations, the metric and the smallest difference. */
    subject: text("subject").notNull(),
    /** `Paired` of lib/evaluations. */
    paired: jsonb("paired").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ name: "evaluation_comparisons_pk", columns: [table.runId, table.evaluationId, table.subject] }),
    ofEvaluation("evaluation_comparisons_of_evaluation", table as never).onDelete("cascade"),
  ],
);

/** A link by which anybody who holds it reads one report. */
export const reportShares = pgTable(
  "report_shares",
  {
    runId: uuid("run_id").notNull(),
    evaluationId: uuid("evaluation_id").notNull(),
    id: uuid("id").notNull(),
    /** SHA-256 of the 256-bit secret, which is shown once and kept nowhere. */
    secretHash: bytea("secret_hash").notNull(),
    createdBy: text("created_by").notNull(),
    /** The member whose look it rests on: it ends where they may no longer read the report. */
    createdById: text("created_by_id").notNull(),
    createdAt: createdAt(),
    expiresAt: at("expires_at").notNull(),
    /** Null: it still opens. */
    revokedAt: at("revoked_at"),
    openings: integer("openings").notNull().default(0),
    /** The last time that it was opened; null: nobody has. */
    openedAt: at("opened_at"),
  },
  (table) => [
    primaryKey({ name: "report_shares_pk", columns: [table.runId, table.evaluationId, table.id] }),
    ofEvaluation("report_shares_of_evaluation", table as never).onDelete("cascade"),
    // the share that a link opens
    index("report_shares_by_secret").on(table.secretHash),
  ],
);

/** A member's word on the label of a sample that a report suspects; the newest holds. Final: the label stays as it is. */
export const labelMarks = pgTable(
  "label_marks",
  {
    runId: uuid("run_id").notNull(),
    evaluationId: uuid("evaluation_id").notNull(),
    /** UUIDv7: sorts by time. */
    id: uuid("id").notNull(),
    key: bytewiseText("key").notNull(),
    isWrong: boolean("is_wrong").notNull(),
    /** The member's name at that time. */
    markedBy: text("marked_by").notNull(),
    markedAt: at("marked_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ name: "label_marks_pk", columns: [table.runId, table.evaluationId, table.id] }),
    foreignKey({
      name: "label_marks_of_evaluation",
      columns: [table.runId, table.evaluationId],
      foreignColumns: [evaluations.runId, evaluations.id],
    }).onDelete("cascade"),
  ],
);
