/** One-time links. The secret stands in the URL's fragment, which browsers send to no server. */
import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { links, users } from "../../db/schema/people.ts";
import { origin } from "../origin.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { type Role, roles } from "../wire/base/words.ts";
import { type Actor, systemActor } from "./actor.ts";
import { recordAct } from "./audit.ts";
import { recordRevoked } from "./left-behind.ts";
import { authorise } from "./permissions.ts";
import { createSecret, hashSecret } from "./secret.ts";
import { hasAdmin, requireStill } from "./standing.ts";

const MINUTE_MS = 60_000;
const LINK_LIFE_MS = 15 * MINUTE_MS;
const INVITATION_LIFE_MS = 7 * 24 * 60 * MINUTE_MS;

type NewLink = { purpose: "first-admin" | "invitation" | "sign-in"; email: string | null; role: Role };

/** `leadsTo`: the path that whoever spends it lands on; null: home. */
async function createLink(
  actor: Actor,
  link: NewLink,
  leadsTo: string | null = null,
): Promise<{ url: string; expiresAt: string }> {
  const secret = createSecret();
  const expiresAt = new Date(Date.now() + (link.purpose === "invitation" ? INVITATION_LIFE_MS : LINK_LIFE_MS));
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "members.manage");
    if (link.purpose !== "invitation") await voidEarlier(tx, link);
    const id = uuidv7();
    const [createdBy, createdById] = actor.kind === "member" ? [actor.name, actor.id] : [null, null];
    await tx.insert(links).values({ id, secretHash: hashSecret(secret), ...link, createdBy, createdById, expiresAt });
    const detail = { purpose: link.purpose, email: link.email, from: null, to: link.role };
    await recordAct(tx, actor, { action: "link.create", subject: `link:${id}`, detail });
  });
  const query = leadsTo === null ? "" : `?next=${encodeURIComponent(leadsTo)}`;
  return { url: `${origin()}/link${query}#${secret}`, expiresAt: expiresAt.toISOString() };
}

/** Of a kind and address the newest link is good. */
async function voidEarlier(tx: Executor, { purpose, email }: NewLink): Promise<void> {
  // two at the same time come one after the other
  await tx.execute(sql`select from workspace for update`);
  const same = and(eq(links.purpose, purpose), sql`${links.email} is not distinct from ${email}`);
  await tx.delete(links).where(and(same, isNull(links.spentAt)));
}

/**
 * A link for whoever sets up the workspace, valid for 15 minutes or until there is an admin; one that was made before is
 * void. Null where there is an admin already.
 */
export async function createFirstAdminLink(): Promise<string | null> {
  if (await hasAdmin(connections().db)) return null;
  return (await createLink(systemActor, { purpose: "first-admin", email: null, role: "admin" })).url;
}

/**
 * A link, valid for 15 minutes, that lets the member with this address set a new password; one that was made before is
 * void. Throws if there is no such member.
 */
export async function createSignInLink(email: string): Promise<string> {
  const address = email.trim().toLowerCase();
  const [member] = await connections().db.select().from(users).where(eq(users.email, address));
  if (!member) throw new ProblemError("not-found", `no member has the address ${JSON.stringify(address)}`);
  if (member.disabledAt) throw new ProblemError("conflict", `${address} is disabled; an admin enables it first`);
  return (await createLink(systemActor, { purpose: "sign-in", email: address, role: member.role })).url;
}

const invitationSchema = z.object({
  email: z.email("an e-mail address").max(254).toLowerCase().nullable(),
  role: z.enum(roles),
  leadsTo: z.string().trim().max(4000).nullish(),
});

/**
 * A link, valid for seven days, with which one person joins. It is shown once. `leadsTo`: the address of the page of this
 * site that they land on.
 */
export async function createInvitation(
  actor: Actor,
  input: { email: string | null; role: Role; leadsTo?: string | null },
): Promise<{ url: string; expiresAt: string }> {
  authorise(actor, "members.manage");
  const { leadsTo, ...invitation } = parse(invitationSchema, input);
  const path = leadsTo ? pathOf(leadsTo) : null;
  if (invitation.email) {
    const [member] = await connections().db.select().from(users).where(eq(users.email, invitation.email));
    if (member)
      throw new ProblemError("conflict", `${invitation.email} is a member already`, [
        { field: "email", detail: "is a member already" },
      ]);
  }
  return createLink(actor, { purpose: "invitation", ...invitation }, path);
}

/** What follows the origin in an address of this site, whole or from its first slash on. */
function pathOf(address: string): string {
  const url = URL.canParse(address, origin()) ? new URL(address, origin()) : null;
  if (!url || url.origin !== origin())
    throw invalid("leadsTo", `${JSON.stringify(address)} is no address of this site; ${origin()}/… is right`);
  return url.pathname + url.search;
}

export type Invitation = {
  id: string;
  email: string | null;
  role: Role;
  createdBy: string | null;
  expiresAt: string;
  createdAt: string;
};

/** Invitations that can still be spent, newest first, at most 200. */
export async function listInvitations(actor: Actor): Promise<Invitation[]> {
  authorise(actor, "members.manage");
  const rows = await connections()
    .db.select()
    .from(links)
    .where(and(eq(links.purpose, "invitation"), isNull(links.spentAt), gt(links.expiresAt, sql`now()`)))
    .orderBy(desc(links.id))
    .limit(200);
  return rows.map(({ id, email, role, createdBy, expiresAt, createdAt }) => ({
    id,
    email,
    role,
    createdBy,
    expiresAt: expiresAt.toISOString(),
    createdAt: createdAt.toISOString(),
  }));
}

/** Makes an unspent invitation useless. May be repeated. */
export async function revokeInvitation(actor: Actor, id: string): Promise<void> {
  authorise(actor, "members.manage");
  await connections().db.transaction(async (tx) => {
    const [gone] = await tx
      .delete(links)
      .where(and(eq(links.id, parse(z.uuid(), id)), eq(links.purpose, "invitation"), isNull(links.spentAt)))
      .returning();
    if (gone) await recordRevoked(tx, actor, gone);
  });
}
