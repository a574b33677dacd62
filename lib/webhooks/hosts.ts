/** The hosts that an admin lets webhooks go to. */
import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import { connections } from "../../db/connection.ts";
import { webhookHosts } from "../../db/schema/webhooks.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { requireStill } from "../access/standing.ts";
import { ProblemError, parse } from "../problem.ts";

export type WebhookHost = { host: string; allowsPrivate: boolean; addedBy: string; createdAt: string };

const hostSchema = z.object({
  host: z
    .string()
    .trim()
    .toLowerCase()
    .max(253)
    .refine(
      (host) => host !== "" && URL.canParse(`http://${host}/`) && new URL(`http://${host}/`).host === host,
      "a host's name or address alone, such as hooks.example.org",
    ),
  allowsPrivate: z.boolean(),
});

/** All by name, at most 500. */
export async function listHosts(actor: Actor): Promise<WebhookHost[]> {
  authorise(actor, "webhooks.read");
  const rows = await connections().db.select().from(webhookHosts).orderBy(asc(webhookHosts.host)).limit(500);
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }));
}

/** Lets webhooks go to a host; of one that is there it says anew whether it may stand at a private address. */
export async function allowHost(actor: Actor, input: unknown): Promise<void> {
  authorise(actor, "webhooks.allow");
  const { host, allowsPrivate } = parse(hostSchema, input);
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "webhooks.allow");
    const [before] = await tx.select().from(webhookHosts).where(eq(webhookHosts.host, host)).for("update");
    await tx
      .insert(webhookHosts)
      .values({ host, allowsPrivate, addedBy: actor.name })
      .onConflictDoUpdate({ target: webhookHosts.host, set: { allowsPrivate, addedBy: actor.name } });
    const detail = { from: before ? reachOf(before) : null, to: reachOf({ allowsPrivate }) };
    await recordAct(tx, actor, { action: "webhook.allow", subject: `host:${host}`, detail });
  });
}

/** Lets webhooks go there no longer; what waits for it fails. */
export async function refuseHost(actor: Actor, host: string): Promise<void> {
  authorise(actor, "webhooks.allow");
  await connections().db.transaction(async (tx) => {
    const [removed] = await tx.delete(webhookHosts).where(eq(webhookHosts.host, host)).returning();
    if (!removed) throw new ProblemError("not-found", `${host} isn't among the hosts of webhooks`);
    const detail = { name: host, from: reachOf(removed), to: null };
    await recordAct(tx, actor, { action: "webhook.refuse", subject: `host:${host}`, detail });
  });
}

const reachOf = ({ allowsPrivate }: { allowsPrivate: boolean }) => ({ allowsPrivate });

export async function findHost(host: string): Promise<{ allowsPrivate: boolean } | null> {
  const [found] = await connections().db.select().from(webhookHosts).where(eq(webhookHosts.host, host));
  return found ?? null;
}
