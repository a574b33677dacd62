/** What members are told: notifications, and the rules on runs that make some of them. */

import { sql } from "drizzle-orm";
import { boolean, check, doublePrecision, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { at, createdAt } from "./columns.ts";
import { users } from "./people.ts";
import { projects } from "./projects.ts";

const ofProject = () =>
  uuid("project_id")
    .notNull()
    .references(() => projects.id, { onDelete: "cascade" });
const ofUser = () =>
  text("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

/** That something happened, by kind and ids: no text of anybody, and no number. */
export const notifications = pgTable(
  "notifications",
  {
    id: uuid("id").primaryKey(),
    userId: ofUser(),
    projectId: ofProject(),
    kind: text("kind", {
      enum: ["asked", "approved", "changes-requested", "mentioned", "replied", "rule"],
    }).notNull(),
    /** Who did it, by name at that time; empty of a rule. */
    by: text("by").notNull(),
    /** What it is about; null of a rule. */
    reviewId: uuid("review_id"),
    threadId: uuid("thread_id"),
    commentId: uuid("comment_id"),
    /** The run that a rule speaks of; else null. */
    runId: uuid("run_id"),
    ruleId: uuid("rule_id"),
    at: at("at").notNull().defaultNow(),
    /** Null while it is unread. */
    readAt: at("read_at"),
  },
  (table) => [
    // a member's, the newest first
    index("notifications_of_user").on(table.userId, table.id.desc()),
    // how many are unread
    index("notifications_unread").on(table.userId).where(sql`${table.readAt} is null`),
  ],
);

/** What a member wants to be told of a project's runs. */
export const alertRules = pgTable(
  "alert_rules",
  {
    id: uuid("id").primaryKey(),
    projectId: ofProject(),
    /** Whose inbox it fills. */
    userId: ofUser(),
    event: text("event", { enum: ["finished", "failed", "diverged", "silent", "metric"] }).notNull(),
    /** Of the event `metric`; `none` where the metric belongs to no split. Never a test series. */
    split: text("split", { enum: ["train", "validation", "none"] }),
    metric: text("metric"),
    side: text("side", { enum: ["above", "below"] }),
    threshold: doublePrecision("threshold"),
    /** Whether the project's webhooks are told too. */
    sendsWebhooks: boolean("sends_webhooks").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: createdAt(),
    /** From then on it tells nothing. */
    removedAt: at("removed_at"),
  },
  (table) => [
    index("alert_rules_of_project").on(table.projectId).where(sql`${table.removedAt} is null`),
    check(
      "alert_rules_metric_is_whole",
      sql`(${table.event} = 'metric') = (${table.split} is not null)
        and (${table.split} is null) = (${table.metric} is null)
        and (${table.split} is null) = (${table.side} is null)
        and (${table.split} is null) = (${table.threshold} is null)`,
    ),
  ],
);

/** Of which events a rule has told: each once, whoever looks. */
export const alertEvents = pgTable(
  "alert_events",
  {
    ruleId: uuid("rule_id")
      .notNull()
      .references(() => alertRules.id, { onDelete: "cascade" }),
    /** Which has no foreign key: a purged run's event was told all the same. */
    runId: uuid("run_id").notNull(),
    /** The audit row of an end or a silence; of a threshold the word `metric`: it is told once a run. */
    event: text("event").notNull(),
    at: at("at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ name: "alert_events_once", columns: [table.ruleId, table.runId, table.event] })],
);
