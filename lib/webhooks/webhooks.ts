/** Webhooks of a project: where they go, and the log of what was sent. */
import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { webhookDeliveries, webhooks } from "../../db/schema/webhooks.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { createSecret } from "../access/secret.ts";
import { requireStill } from "../access/standing.ts";
import { enqueueJob } from "../jobs/jobs.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import type { WebhookEvent } from "../wire/reviews/webhook-event.ts";
import { slackText } from "../words/reviews/webhook-words.ts";
import { findHost } from "./hosts.ts";

export const DELIVERY_JOB = "webhook.deliver";

export const webhookFormats = ["generic", "slack"] as const;
export type WebhookFormat = (typeof webhookFormats)[number];
export type Webhook = { id: string; url: string; format: WebhookFormat; createdBy: string; createdAt: string };
export type Delivery = {
  id: string;
  url: string;
  status: "waiting" | "delivered" | "failed";
  attempts: number;
  answered: number | null;
  error: string | null;
  createdAt: string;
};

const webhookSchema = z.object({
  format: z.enum(webhookFormats).default("generic"),
  url: z.url({ protocol: /^https?$/, error: "an address such as https://hooks.example.org/x" }).max(2000),
});
const WEBHOOKS_MAX = 20;

/** Sends the project's changes to an address from now on. Its secret is returned this once. */
export async function createWebhook(
  actor: Actor,
  projectId: string,
  input: unknown,
): Promise<{ id: string; secret: string }> {
  authorise(actor, "webhooks.manage", projectId);
  const { format, ...given } = parse(webhookSchema, input);
  const url = new URL(given.url);
  if (url.username || url.password) throw invalid("url", "an address without a name or password in it");
  const host = await findHost(url.hostname);
  if (!host)
    throw invalid("url", `${url.hostname} isn't among the hosts that an admin lists in the workspace's settings`);
  if (url.protocol !== "https:" && !host.allowsPrivate)
    throw invalid("url", "https, as the host stands on the internet");
  const [id, secret] = [uuidv7(), createSecret()];
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "webhooks.manage", projectId);
    const there = await tx.select({ id: webhooks.id }).from(webhooks).where(isThere(projectId));
    if (there.length >= WEBHOOKS_MAX)
      throw new ProblemError("conflict", `a project has at most ${WEBHOOKS_MAX} webhooks`);
    await tx.insert(webhooks).values({ id, projectId, url: url.href, format, secret, createdBy: actor.name });
    const detail = { from: null, to: { host: url.host, format } };
    await recordAct(tx, actor, { action: "webhook.create", subject: `webhook:${id}`, projectId, detail });
  });
  return { id, secret };
}

const isThere = (projectId: string) => and(eq(webhooks.projectId, projectId), isNull(webhooks.removedAt));

/** Sends nothing there any more; the log stays. */
export async function removeWebhook(actor: Actor, projectId: string, id: string): Promise<void> {
  authorise(actor, "webhooks.manage", projectId);
  await connections().db.transaction(async (tx) => {
    const [removed] = await tx
      .update(webhooks)
      .set({ removedAt: sql`now()` })
      .where(and(eq(webhooks.id, id), isThere(projectId)))
      .returning();
    if (!removed) throw new ProblemError("not-found", "this project has no such webhook");
    const detail = { from: { host: new URL(removed.url).host, format: removed.format }, to: null };
    await recordAct(tx, actor, { action: "webhook.remove", subject: `webhook:${id}`, projectId, detail });
  });
}

/** The webhooks of a project, the newest first. */
export async function listWebhooks(actor: Actor, projectId: string): Promise<Webhook[]> {
  authorise(actor, "webhooks.read", projectId);
  const rows = await connections().db.select().from(webhooks).where(isThere(projectId)).orderBy(desc(webhooks.id));
  return rows.map(({ id, url, format, createdBy, createdAt }) => ({
    id,
    url,
    format,
    createdBy,
    createdAt: createdAt.toISOString(),
  }));
}

/** What was sent for a project, the newest first, at most 50. */
export async function listDeliveries(actor: Actor, projectId: string): Promise<Delivery[]> {
  authorise(actor, "webhooks.read", projectId);
  const rows = await connections()
    .db.select({ delivery: webhookDeliveries, url: webhooks.url })
    .from(webhookDeliveries)
    .innerJoin(webhooks, eq(webhooks.id, webhookDeliveries.webhookId))
    .where(eq(webhooks.projectId, projectId))
    .orderBy(desc(webhookDeliveries.id))
    .limit(50);
  return rows.map(({ delivery, url }) => ({
    id: delivery.id,
    url,
    status: delivery.status,
    attempts: delivery.attempts,
    answered: delivery.answered,
    error: delivery.error,
    createdAt: delivery.createdAt.toISOString(),
  }));
}

/** Has `event` sent to every webhook of the project, in the form of each, with the caller's transaction or not at all. */
export async function announce(tx: Executor, projectId: string, event: WebhookEvent): Promise<void> {
  const targets = await tx
    .select({ id: webhooks.id, format: webhooks.format })
    .from(webhooks)
    .where(isThere(projectId));
  for (const { id: webhookId, format } of targets) {
    const id = uuidv7();
    const body = format === "slack" ? { text: slackText(event) } : { ...event, delivery: id };
    await tx.insert(webhookDeliveries).values({ id, webhookId, body: JSON.stringify(body) });
    await enqueueJob(tx, { kind: DELIVERY_JOB, subject: id });
  }
}

/** A delivery that waits, and where it goes; null: it ended, or its webhook was removed. */
export async function findWaiting(id: string) {
  const [found] = await connections()
    .db.select({ delivery: webhookDeliveries, webhook: webhooks })
    .from(webhookDeliveries)
    .innerJoin(webhooks, eq(webhooks.id, webhookDeliveries.webhookId))
    .where(and(eq(webhookDeliveries.id, id), inArray(webhookDeliveries.status, ["waiting"])));
  return found ?? null;
}

type Ended = {
  status: "waiting" | "delivered" | "failed";
  attempts: number;
  answered: number | null;
  error: string | null;
};

export async function noteAttempt(id: string, ended: Ended): Promise<void> {
  const endedAt = ended.status === "waiting" ? null : sql`now()`;
  await connections()
    .db.update(webhookDeliveries)
    .set({ ...ended, endedAt })
    .where(eq(webhookDeliveries.id, id));
}
