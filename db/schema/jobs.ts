import { sql } from "drizzle-orm";
import { doublePrecision, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { at, createdAt } from "./columns.ts";

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
    /** What it is at: a name of the program that does it. */
    stage: text("stage").notNull().default(""),
    attempts: integer("attempts").notNull().default(0),
    /** The worker that has it says that it lives before this time; after it another may take the job. */
    leaseUntil: at("lease_until"),
    /** It isn't taken before this time; null: at once. */
    notBefore: at("not_before"),
    /** Why it failed, as `lib/wire/data/job-failures.ts` has it; null unless it did. */
    failure: jsonb("failure"),
    /** The same in words, of jobs from before failures had kinds. */
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
