/** How a person comes in: e-mail and password, or a one-time link that sets them. */
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { accounts, links, sessions, users } from "../../db/schema/people.ts";
import { ProblemError, parse } from "../problem.ts";
import type { Role } from "../wire/base/words.ts";
import type { MemberActor } from "./actor.ts";
import { recordAct } from "./audit.ts";
import { askAuth, isDisabled, isRefusal, PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "./auth.ts";
import { rememberBrowser } from "./callers/known-browser.ts";
import { hashPassword } from "./hashes/passwords.ts";
import { inTurn, type Lane } from "./hashes/turns.ts";
import { hashSecret } from "./secret.ts";
import { hasAdmin, projectRolesOf } from "./standing.ts";
import { countLink, countSignIn } from "./throttle.ts";

const email = z.email("an e-mail address").max(254).toLowerCase();
const password = z
  .string()
  .min(PASSWORD_LENGTH_MIN, `at least ${PASSWORD_LENGTH_MIN} characters`)
  .max(PASSWORD_LENGTH_MAX, `at most ${PASSWORD_LENGTH_MAX} characters`);
const name = z.string().trim().min(1, "a name").max(100);

export type SignedIn = { setCookies: string[] };

/** Signs in; throws `unauthenticated` without saying which of the two was wrong. */
export async function signIn(input: { email: string; password: string }, headers: Headers): Promise<SignedIn> {
  const given = parse(z.object({ email, password: z.string().max(PASSWORD_LENGTH_MAX) }), input);
  return startSession(given, headers, await countSignIn(given.email, headers));
}

async function startSession(
  given: { email: string; password: string },
  headers: Headers,
  lane: Lane,
): Promise<SignedIn> {
  const body = { email: given.email, password: given.password };
  const signedIn = inTurn(lane, () => askAuth((api) => api.signInEmail({ body, headers, returnHeaders: true })));
  const { headers: answered } = await signedIn.catch((cause: unknown) => {
    if (!isRefusal(cause)) throw cause;
    // who knows the password may learn of it
    if (isDisabled(cause)) throw disabled(cause);
    throw new ProblemError("unauthenticated", "E-mail or password is wrong.", undefined, { cause });
  });
  return { setCookies: [...answered.getSetCookie(), rememberBrowser(given.email)] };
}

/** Said to who proved to be the member. */
export const disabled = (cause?: unknown): ProblemError =>
  new ProblemError("forbidden", "This account is disabled. Ask an admin to enable it.", undefined, { cause });

/** Ends the session of the request's cookie. */
export async function signOut(headers: Headers): Promise<SignedIn> {
  const { headers: answered } = await askAuth((api) => api.signOut({ headers, returnHeaders: true }));
  return { setCookies: answered.getSetCookie() };
}

/** The member whose session cookie `headers` hold, or null. Reads the database, so a revoked session is none. */
export async function memberFromHeaders(headers: Headers): Promise<MemberActor | null> {
  if (!headers.get("cookie")?.includes("holdout.session_token")) return null;
  const found = await askAuth((api) => api.getSession({ headers }));
  if (!found) return null;
  const { id, name, email, role, disabledAt, narrowed } = found.user as typeof found.user & MemberFacts;
  // one that began while the member was being disabled
  if (disabledAt) return null;
  const projectRoles = await projectRolesOf(connections().db, { id, narrowed });
  return { kind: "member", id, name, email, role, sessionId: found.session.id, projectRoles };
}

type MemberFacts = { role: Role; disabledAt: Date | null; narrowed: boolean };

export type LinkOffer = { purpose: "first-admin" | "invitation" | "sign-in"; email: string | null; role: Role };

/** What an unspent link offers; null for one that is spent, expired, void or unknown. */
export async function readLink(secret: string): Promise<LinkOffer | null> {
  const link = await findLink(connections().db, hashSecret(secret));
  return link && { purpose: link.purpose, email: link.email, role: link.role };
}

type Link = typeof links.$inferSelect;

/** The unspent link whose secret has the hash; a first admin's is void once there is an admin. */
export async function findLink(db: Executor, secretHash: Buffer): Promise<Link | null> {
  const [link] = await db
    .select()
    .from(links)
    .where(and(eq(links.secretHash, secretHash), isNull(links.spentAt), gt(links.expiresAt, sql`now()`)));
  return link && !(link.purpose === "first-admin" && (await hasAdmin(db))) ? link : null;
}

const spendSchema = z.object({ secret: z.string().max(200), email, password, name: name.optional() });
type Spend = z.infer<typeof spendSchema>;

/**
 * Spends a link: makes the member (or, for a sign-in link, sets the member's password, which ends their sessions) and
 * signs in. Throws `invalid` for the fields, and `gone` for a link that is spent, expired, void or unknown.
 */
export async function spendLink(
  input: { secret: string; email: string; password: string; name?: string },
  headers: Headers,
): Promise<SignedIn> {
  const given = parse(spendSchema, input);
  await countLink(headers);
  // a hash is work: only who has a link that is good for this address has it done
  await requireOffer(connections().db, given);
  const passwordHash = await inTurn("known", () => hashPassword(given.password));
  await connections().db.transaction(async (tx) => {
    // first admins come one after the other
    await tx.execute(sql`select from workspace for update`);
    const { link, existing } = await requireOffer(tx, given);
    if (!(await markSpent(tx, link))) throw spentLink();
    const member = existing ?? (await addMember(tx, given, link));
    await setPassword(tx, member.id, passwordHash);
    await recordAct(tx, actorOf(member), {
      action: `link.${link.purpose}`,
      subject: `member:${member.id}`,
      detail: { email: member.email, from: existing?.role ?? null, to: member.role },
    });
  });
  return startSession(given, headers, "known");
}

/** Spends it; false where somebody else did just now. */
export async function markSpent(tx: Executor, { id }: Link): Promise<boolean> {
  const unspent = and(eq(links.id, id), isNull(links.spentAt));
  const spent = await tx.update(links).set({ spentAt: sql`now()` }).where(unspent).returning();
  return spent.length > 0;
}

/** A member before their session begins, as the audit names them. */
export const actorOf = ({ id, name, email, role }: typeof users.$inferSelect): MemberActor => {
  return { kind: "member", id, name, email, role, sessionId: "", projectRoles: new Map() };
};

const spentLink = () => new ProblemError("gone", "This link has been used or has expired. Ask for a new one.");

/** The link, and for a sign-in link its member. Throws where it isn't good for this address. */
async function requireOffer(db: Executor, { secret, email }: Spend) {
  const link = await findLink(db, hashSecret(secret));
  if (!link) throw spentLink();
  if (link.email !== null && link.email !== email)
    throw new ProblemError("invalid", "The link is for another address.", [
      { field: "email", detail: `this link is for ${link.email}` },
    ]);
  const [existing] = await db.select().from(users).where(eq(users.email, email));
  if (link.purpose === "sign-in" && !existing)
    throw new ProblemError("gone", "The member whom this link was for is gone.");
  if (existing?.disabledAt) throw disabled();
  if (link.purpose !== "sign-in" && existing)
    throw new ProblemError("conflict", "A member has this address already.", [
      { field: "email", detail: "has an account already: sign in, or ask for a sign-in link" },
    ]);
  return { link, existing };
}

/** Makes the member whom `link` invites. */
export async function addMember(
  tx: Executor,
  { email, name }: { email: string; name?: string | undefined },
  link: Link,
): Promise<typeof users.$inferSelect> {
  const called = name ?? email.split("@", 1)[0] ?? email;
  // who named the address themselves may not have it: the provider's word for it would let its owner into their account
  const joinsByEmail = link.email === email;
  const [member] = await tx
    .insert(users)
    .values({ id: crypto.randomUUID(), name: called, email, emailVerified: true, joinsByEmail, role: link.role })
    .returning();
  return member!;
}

/** Sets the password and ends the sessions that began with another. */
async function setPassword(tx: Executor, memberId: string, passwordHash: string): Promise<void> {
  await tx.delete(sessions).where(eq(sessions.userId, memberId));
  const credential = and(eq(accounts.userId, memberId), eq(accounts.providerId, "credential"));
  const changed = await tx.update(accounts).set({ password: passwordHash }).where(credential).returning();
  if (changed.length === 0)
    await tx.insert(accounts).values({
      id: crypto.randomUUID(),
      accountId: memberId,
      providerId: "credential",
      userId: memberId,
      password: passwordHash,
    });
}
