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
import { hashPassword } from "./passwords.ts";
import { hashSecret } from "./secret.ts";
import { hasAdmin, projectRolesOf } from "./standing.ts";
import { countLink, countSignIn } from "./throttle.ts";
import { inTurn, type Lane } from "./turns.ts";

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
  const link = await findLink(connections().db, secret);
  return link && { purpose: link.purpose, email: link.email, role: link.role };
}

/** The unspent link; a first admin's is void once there is an admin. */
async function findLink(db: Executor, secret: string): Promise<typeof links.$inferSelect | null> {
  const [link] = await db
    .select()
    .from(links)
    .where(and(eq(links.secretHash, hashSecret(secret)), isNull(links.spentAt), gt(links.expiresAt, sql`now()`)));
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
    const [spent] = await tx
      .update(links)
      .set({ spentAt: sql`now()` })
      .where(and(eq(links.id, link.id), isNull(links.spentAt)))
      .returning();
    if (!spent) throw spentLink();
    const member = existing ?? (await addMember(tx, given, link.role));
    await setPassword(tx, member.id, passwordHash);
    const { id, email, name, role } = member;
    const actor: MemberActor = { kind: "member", id, name, email, role, sessionId: "", projectRoles: new Map() };
    const detail = { email, role: link.role };
    await recordAct(tx, actor, { action: `link.${link.purpose}`, subject: `member:${id}`, detail });
  });
  return startSession(given, headers, "known");
}

const spentLink = () => new ProblemError("gone", "This link has been used or has expired. Ask for a new one.");

/** The link, and for a sign-in link its member. Throws where it isn't good for this address. */
async function requireOffer(db: Executor, { secret, email }: Spend) {
  const link = await findLink(db, secret);
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

async function addMember(tx: Executor, { email, name }: Spend, role: Role): Promise<typeof users.$inferSelect> {
  const called = name ?? email.split("@", 1)[0] ?? email;
  const [member] = await tx
    .insert(users)
    .values({ id: crypto.randomUUID(), name: called, email, emailVerified: true, role })
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
