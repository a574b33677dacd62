/** The ways in which a member signs in: a password, passkeys, the provider's account. One of them is always left. */
import { isIP } from "node:net";
import { and, eq, isNotNull, ne, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { accounts, passkeys, sessions, users } from "../../db/schema/people.ts";
import { origin } from "../origin.ts";
import { ProblemError } from "../problem.ts";
import type { MemberActor } from "./actor.ts";
import { recordAct } from "./audit.ts";
import { authorise } from "./permissions.ts";
import { readProvider } from "./provider/settings.ts";

/** Why browsers give this site no passkeys; null: they do. They are bound to a name, and want https unless it is localhost. */
export function passkeyBar(): "address" | "http" | null {
  const { hostname, protocol } = new URL(origin());
  if (isIP(hostname.replace(/^\[|\]$/g, ""))) return "address";
  return protocol === "https:" || /(^|\.)localhost$/.test(hostname) ? null : "http";
}

const OIDC = "oidc:";
const isOfProvider = sql`starts_with(${accounts.providerId}, ${OIDC})`;

/** What accounts of the provider with this issuer stand under. */
export const providerIdOf = (issuer: string): string => OIDC + issuer;
const issuerOf = (providerId: string): string | null =>
  providerId.startsWith(OIDC) ? providerId.slice(OIDC.length) : null;

function isCurrentIssuer(issuer: string): boolean {
  const { provider } = readProvider();
  return provider !== null && new URL(provider.issuer).href === new URL(issuer).href;
}

/** Whether the member has a password: who came by the provider has none. */
export async function hasPassword(actor: MemberActor): Promise<boolean> {
  authorise(actor, "account.manage");
  return (await connections().db.$count(accounts, passwordOf(actor.id))) > 0;
}

const passwordOf = (memberId: string) =>
  and(eq(accounts.userId, memberId), eq(accounts.providerId, "credential"), isNotNull(accounts.password));

/** Of two who take away a way at the same time, one comes after the other. */
export async function lockWays(tx: Executor, memberId: string): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, memberId)).for("update");
}

/** Throws `conflict` where the member couldn't sign in any more, so that what was taken away stays. */
export async function requireAnotherWay(tx: Executor, memberId: string): Promise<void> {
  if ((await tx.$count(accounts, passwordOf(memberId))) > 0) return;
  if (passkeyBar() === null && (await tx.$count(passkeys, eq(passkeys.userId, memberId))) > 0) return;
  const joined = await tx
    .select()
    .from(accounts)
    .where(and(eq(accounts.userId, memberId), isOfProvider));
  if (joined.some(({ providerId }) => isCurrentIssuer(issuerOf(providerId)!))) return;
  throw new ProblemError(
    "conflict",
    "It is your only way to sign in. Add a passkey first, or have whoever runs this server make a link for a password.",
  );
}

/** `isCurrent`: of the provider that the settings name, and not of one before it. */
export type JoinedProvider = { id: string; issuer: string; isCurrent: boolean; joinedAt: string };

/** The providers' accounts that the member's is joined with. */
export async function listJoined(actor: MemberActor): Promise<JoinedProvider[]> {
  authorise(actor, "account.manage");
  const rows = await connections().db.select().from(accounts).where(eq(accounts.userId, actor.id)).limit(100);
  return rows.flatMap(({ id, providerId, createdAt }) => {
    const issuer = issuerOf(providerId);
    return issuer === null
      ? []
      : [{ id, issuer, isCurrent: isCurrentIssuer(issuer), joinedAt: createdAt.toISOString() }];
  });
}

/**
 * Parts the member's account from the provider's, and ends their other sessions: the provider lets nobody in any more,
 * until the member joins again while signed in. Throws `conflict` where no other way to sign in is left. May be repeated.
 */
export async function partProvider(actor: MemberActor, id: string): Promise<void> {
  authorise(actor, "account.manage");
  await connections().db.transaction(async (tx) => {
    await lockWays(tx, actor.id);
    const own = and(eq(accounts.id, id), eq(accounts.userId, actor.id), isOfProvider);
    const [gone] = await tx.delete(accounts).where(own).returning();
    if (!gone) return;
    await requireAnotherWay(tx, actor.id);
    await tx.update(users).set({ joinsByEmail: false }).where(eq(users.id, actor.id));
    await tx.delete(sessions).where(and(eq(sessions.userId, actor.id), ne(sessions.id, actor.sessionId)));
    const detail = { from: "joined", to: "parted", issuer: issuerOf(gone.providerId), account: gone.accountId };
    await recordAct(tx, actor, { action: "provider.part", subject: `member:${actor.id}`, detail });
  });
}
