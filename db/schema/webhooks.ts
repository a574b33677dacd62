/** Webhooks: where they may go, where they go, and what came of each. */
import { boolean, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { at, createdAt } from "./columns.ts";
import { projects } from "./projects.ts";

/** Hosts that an admin lets webhooks go to. */
export const webhookHosts = pgTable("webhook_hosts", {
  /** In lower case, without a port. */
  host: text("host").primaryKey(),
  /** Whether it may stand at a private, loopback or link-local address. */
  allowsPrivate: boolean("allows_private").notNull(),
  addedBy: text("added_by").notNull(),
  createdAt: createdAt(),
});

export const webhooks = pgTable(
  "webhooks",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    url: text("url").notNull(),
    /** `generic`: the event with its ids. `slack`: a sentence, as Slack's incoming webhooks take it. */
    format: text("format", { enum: ["generic", "slack"] })
      .notNull()
      .default("generic"),
    /** Signs each delivery, so it is kept as it is; shown once. */
    secret: text("secret").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: createdAt(),
    /** From then on nothing is sent. */
    removedAt: at("removed_at"),
  },
  (table) => [index("webhooks_of_project").on(table.projectId)],
);

/** What is sent, and what came of it. Written with the change that it tells of. */
export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    id: uuid("id").primaryKey(),
    webhookId: uuid("webhook_id")
      .notNull()
      .references(() => webhooks.id, { onDelete: "cascade" }),
    /** Exactly the bytes that are signed and sent. */
    body: text("body").notNull(),
    status: text("status", { enum: ["waiting", "delivered", "failed"] })
      .notNull()
      .default("waiting"),
    attempts: integer("attempts").notNull().default(0),
    /** Of the last attempt: the HTTP status; null: no answer came. */
    answered: integer("answered"),
    /** Of the last attempt: why it went wrong. */
    error: text("error"),
    createdAt: createdAt(),
    endedAt: at("ended_at"),
  },
  // those of a webhook, the newest first
  (table) => [index("webhook_deliveries_of_webhook").on(table.webhookId, table.id.desc())],
);
