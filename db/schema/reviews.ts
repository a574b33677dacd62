/** Reviews of studies, runs and claims, and the threads of comments that hang on what a project holds. */
import { sql } from "drizzle-orm";
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { at } from "./columns.ts";
import { users } from "./people.ts";
import { projects } from "./projects.ts";

// a project that is purged takes its reviews along by a trigger: a reference that cascades would remove final rows
const ofProject = () =>
  uuid("project_id")
    .notNull()
    .references(() => projects.id);

/** What a member asks others to look at and to decide on. */
export const reviews = pgTable(
  "reviews",
  {
    id: uuid("id").primaryKey(),
    projectId: ofProject(),
    /** From 1 in the project. */
    number: integer("number").notNull(),
    subjectKind: text("subject_kind", { enum: ["study", "runs", "claim"] }).notNull(),
    /** One id of a study or a claim; up to 50 runs. */
    subjectIds: uuid("subject_ids").array().notNull(),
    title: text("title").notNull(),
    /** What there is to decide, in Markdown. */
    about: text("about").notNull(),
    /** Of a review of runs, the one that is proposed; null: none, or the study or the claim says it. */
    chosenRunId: uuid("chosen_run_id"),
    /** The members who were asked, by id; one who has left stays in it. */
    reviewers: text("reviewers").array().notNull(),
    askedBy: text("asked_by").notNull(),
    askedByActor: text("asked_by_actor").notNull(),
    askedAt: at("asked_at").notNull().defaultNow(),
    /** Set once by the decision that approves; from then on nothing of it changes. */
    approvedAt: at("approved_at"),
    /** What was approved, as it stood then (`Conclusion` in lib/wire); null until then. */
    conclusion: jsonb("conclusion"),
    /** Set where it was withdrawn. */
    closedAt: at("closed_at"),
  },
  (table) => [
    unique("reviews_one_a_number").on(table.projectId, table.number),
    // the reviews of a study, a run or a claim
    index("reviews_of_subject").using("gin", table.subjectIds),
  ],
);

/** A member's yes, or what they ask to be changed. Final; of each member the newest holds. */
export const reviewDecisions = pgTable(
  "review_decisions",
  {
    id: uuid("id").primaryKey(),
    reviewId: uuid("review_id")
      .notNull()
      .references(() => reviews.id),
    approves: boolean("approves").notNull(),
    /** Why; empty only where it approves. */
    word: text("word").notNull(),
    /** SHA-256 of what there was to decide on: of another state the decision says nothing. */
    stateDigest: text("state_digest").notNull(),
    decidedBy: text("decided_by").notNull(),
    decidedByActor: text("decided_by_actor").notNull(),
    decidedAt: at("decided_at").notNull().defaultNow(),
  },
  (table) => [
    index("review_decisions_of_review").on(table.reviewId),
    check("review_decisions_change_has_word", sql`${table.approves} or ${table.word} <> ''`),
  ],
);

/** A talk about one place of a run, an evaluation, a study, a claim or a review. */
export const threads = pgTable(
  "threads",
  {
    id: uuid("id").primaryKey(),
    projectId: ofProject(),
    subjectKind: text("subject_kind", { enum: ["run", "evaluation", "study", "claim", "review"] }).notNull(),
    subjectId: uuid("subject_id").notNull(),
    /** The run that the subject is, or the run of an evaluation; null of other subjects. */
    runId: uuid("run_id"),
    /** The place in the subject, in the text form of lib/wire/reviews/anchors.ts. */
    anchor: text("anchor").notNull(),
    startedBy: text("started_by").notNull(),
    startedByActor: text("started_by_actor").notNull(),
    startedAt: at("started_at").notNull().defaultNow(),
    /** Null while it is open. */
    resolvedAt: at("resolved_at"),
    resolvedBy: text("resolved_by"),
  },
  (table) => [
    // the threads of a subject, in their order
    index("threads_of_subject").on(table.projectId, table.subjectKind, table.subjectId, table.id),
    // those on a run and its evaluations
    index("threads_of_run").on(table.runId).where(sql`${table.runId} is not null`),
  ],
);

export const comments = pgTable(
  "comments",
  {
    id: uuid("id").primaryKey(),
    threadId: uuid("thread_id")
      .notNull()
      .references(() => threads.id),
    /** Markdown, as it stands now. */
    text: text("text").notNull(),
    writtenBy: text("written_by").notNull(),
    writtenByActor: text("written_by_actor").notNull(),
    writtenAt: at("written_at").notNull().defaultNow(),
    /** When the text became what it is now; null: it was never changed. */
    editedAt: at("edited_at"),
  },
  (table) => [index("comments_of_thread").on(table.threadId, table.id)],
);

/** What a comment said before it was changed. Final. */
export const commentEdits = pgTable(
  "comment_edits",
  {
    id: uuid("id").primaryKey(),
    commentId: uuid("comment_id")
      .notNull()
      .references(() => comments.id),
    text: text("text").notNull(),
    /** When it was replaced. */
    replacedAt: at("replaced_at").notNull().defaultNow(),
  },
  (table) => [index("comment_edits_of_comment").on(table.commentId, table.id)],
);

/** When a member last looked at something: what came later is new to them. */
export const seenMarks = pgTable(
  "seen_marks",
  {
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** `review:ID`. */
    subject: text("subject").notNull(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    seenAt: at("seen_at").notNull(),
  },
  (table) => [primaryKey({ name: "seen_marks_pk", columns: [table.userId, table.subject] })],
);
