/** A member's inbox: what waits for them, what they were told, and the rules on runs that tell them more. */
import { z } from "zod";
import { projectId, runId } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { metricNameSchema } from "../base/text.ts";
import { time, uuid } from "../base/words.ts";
import { reviewItemSchema } from "./reviews.ts";

export const notificationKinds = ["asked", "approved", "changes-requested", "mentioned", "replied", "rule"] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/** What of a run a rule tells. `silent`: no sign of life for a minute. */
export const alertEventKinds = ["finished", "failed", "diverged", "silent", "metric"] as const;
export type AlertEventKind = (typeof alertEventKinds)[number];
export const alertSides = ["above", "below"] as const;

const threshold = z
  .object({
    split: z.enum(["train", "validation"], "train, validation or null: no rule is on test numbers").nullable(),
    metric: metricNameSchema,
    side: z.enum(alertSides),
    threshold: z.number(),
  })
  .nullable();

export const alertRuleInputSchema = z
  .object({
    event: z.enum(alertEventKinds),
    metric: threshold.default(null).meta({ description: "of the event `metric`: past what; else null" }),
    sendsWebhooks: z.boolean().default(false).meta({ description: "whether the project's webhooks are told too" }),
  })
  .refine(({ event, metric }) => (event === "metric") === (metric !== null), {
    path: ["metric"],
    message: "a metric and its threshold where the event is metric, and null where it isn't",
  })
  .meta({
    id: "AlertRuleInput",
    examples: [
      {
        event: "metric",
        metric: { split: "train", metric: "loss", side: "above", threshold: 100 },
        sendsWebhooks: false,
      },
      { event: "failed" },
    ],
  });
export type AlertRuleInput = z.input<typeof alertRuleInputSchema>;

export const alertRuleSchema = z
  .object({
    id: uuid,
    event: z.enum(alertEventKinds),
    metric: threshold,
    sendsWebhooks: z.boolean(),
    createdAt: time,
  })
  .meta({
    id: "AlertRule",
    examples: [
      { id: runId, event: "failed", metric: null, sendsWebhooks: false, createdAt: "2026-01-05T09:00:00.000Z" },
    ],
  });
export type AlertRule = z.infer<typeof alertRuleSchema>;

export const notificationSchema = z.object({
  id: uuid,
  kind: z.enum(notificationKinds),
  by: z.string().meta({ description: "who did it; empty of a rule" }),
  at: time,
  isRead: z.boolean(),
  project: z.object({ id: uuid, slug: z.string(), name: z.string() }),
  review: z.object({ id: uuid, number: z.int(), title: z.string() }).nullable(),
  thread: z.object({ id: uuid, subject: z.string(), run: uuid.nullable(), anchor: z.string() }).nullable(),
  run: z.object({ id: uuid, name: z.string() }).nullable(),
  rule: alertRuleSchema.pick({ event: true, metric: true }).nullable(),
});
export type Notification = z.infer<typeof notificationSchema>;

export const inboxSchema = z
  .object({
    /** Reviews that wait for this member: to be decided, or to be changed as somebody asked. */
    waiting: z.array(reviewItemSchema.extend({ project: z.object({ id: uuid, slug: z.string(), name: z.string() }) })),
    notifications: z.array(notificationSchema),
    unread: z.int(),
  })
  .meta({ id: "Inbox", examples: [{ waiting: [], notifications: [], unread: 0 }] });
export type Inbox = z.infer<typeof inboxSchema>;

/** `seen`: these notifications, or all there are. */
export const seenInputSchema = z
  .object({ seen: z.union([z.literal("all"), z.array(uuid).max(500)]) })
  .meta({ id: "SeenInput", examples: [{ seen: [projectId] }] });

const alerts = "/api/v1/projects/{project}/alerts";

export const inboxRoutes = {
  getInbox: {
    method: "GET",
    path: "/api/v1/inbox",
    summary: "What waits for the member who asks, and the newest 100 of what they were told",
    permission: "inbox.read",
    response: inboxSchema,
  },
  markSeen: {
    method: "POST",
    path: "/api/v1/inbox",
    summary: "Count notifications as read. May be repeated",
    permission: "inbox.read",
    request: seenInputSchema,
    response: inboxSchema,
  },
  listAlerts: {
    method: "GET",
    path: alerts,
    summary: "The rules by which the member who asks is told of a project's runs",
    permission: "alerts.manage",
    response: z.object({ rules: z.array(alertRuleSchema) }).meta({ id: "AlertRuleList", examples: [{ rules: [] }] }),
  },
  createAlert: {
    method: "POST",
    path: alerts,
    summary:
      "Be told when a run of the project finishes, fails, diverges, falls silent, or a metric passes a threshold",
    permission: "alerts.manage",
    request: alertRuleInputSchema,
    response: alertRuleSchema,
  },
  removeAlert: {
    method: "DELETE",
    path: `${alerts}/{alert}`,
    summary: "Be told by a rule no more",
    permission: "alerts.manage",
    response: alertRuleSchema,
  },
} as const satisfies Record<string, Route>;
