/** How a person comes in: e-mail and password, or a one-time link that sets them. */
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { accounts, links, users } from "../../db/schema.ts";
import { recordAct } from "../audit/audit.ts";
import { ProblemError, parse } from "../problem.ts";
import type { Role } from "../wire.ts";
import type { MemberActor } from "./actor.ts";
import { auth, PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "./auth.ts";
import { hashSecret } from "./secret.ts";
import { countTry } from "./throttle.ts";

const TRIES_A_MINUTE = 10;
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
  await countTry(`sign-in:${given.email}`, TRIES_A_MINUTE);
  try {
    const { headers: answered } = await auth().api.signInEmail({ body: given, headers, returnHeaders: true });
    return { setCookies: answered.getSetCookie() };
  } catch (cause) {
    throw new ProblemError("unauthenticated", "E-mail or password is wrong.", undefined, { cause });
  }
}

/** Ends the session of the request's cookie. */
export async function signOut(headers: Headers): Promise<SignedIn> {
  const { headers: answered } = await auth().api.signOut({ headers, returnHeaders: true });
  return { setCookies: answered.getSetCookie() };
}

/** The member whose session cookie `headers` hold, or null. Reads the database, so a revoked session is none. */
export async function memberFromHeaders(headers: Headers): Promise<MemberActor | null> {
  if (!headers.get("cookie")?.includes("holdout.session_token")) return null;
  const found = await auth().api.getSession({ headers });
  if (!found) return null;
  const { id, name, email, role } = found.user as typeof found.user & { role: Role };
  return { kind: "member", id, name, email, role, sessionId: found.session.id };
}

export type LinkOffer = { purpose: "first-admin" | "invitation" | "sign-in"; email: string | null; role: Role };

/** What an unspent link offers; null for one that is spent, expired or unknown. */
export async function readLink(secret: string): Promise<LinkOffer | null> {
  const [link] = await connections()
    .db.select({ purpose: links.purpose, email: links.email, role: links.role })
    .from(links)
    .where(and(eq(links.secretHash, hashSecret(secret)), isNull(links.spentAt), gt(links.expiresAt, sql`now()`)));
  return link ?? null;
}

/**
 * Spends a link: makes the member (or, for a sign-in link, sets the member's password) and signs in. Throws
 * `invalid` for the fields, and `gone` for a link that is spent, expired or unknown.
 */
export async function spendLink(
  input: { secret: string; email: string; password: string; name?: string },
  headers: Headers,
): Promise<SignedIn> {
  const given = parse(z.object({ secret: z.string(), email, password, name: name.optional() }), input);
  const { password: passwords } = await auth().$context;
  const passwordHash = await passwords.hash(given.password);
  await connections().db.transaction(async (tx) => {
    const [link] = await tx
      .update(links)
      .set({ spentAt: sql`now()` })
      .where(
        and(eq(links.secretHash, hashSecret(given.secret)), isNull(links.spentAt), gt(links.expiresAt, sql`now()`)),
      )
      .returning();
    if (!link) throw new ProblemError("gone", "This link has been used or has expired. Ask for a new one.");
    if (link.email !== null && link.email !== given.email)
      throw new ProblemError("invalid", "The link is for another address.", [
        { field: "email", detail: `this link is for ${link.email}` },
      ]);
    const [existing] = await tx.select().from(users).where(eq(users.email, given.email));
    if (link.purpose === "sign-in" && !existing)
      throw new ProblemError("gone", "The member whom this link was for is gone.");
    if (link.purpose !== "sign-in" && existing)
      throw new ProblemError("conflict", "A member has this address already.", [
        { field: "email", detail: "has an account already: sign in, or ask for a sign-in link" },
      ]);
    const memberId = existing?.id ?? crypto.randomUUID();
    const memberName = existing?.name ?? given.name ?? given.email.split("@", 1)[0] ?? given.email;
    if (!existing)
      await tx
        .insert(users)
        .values({ id: memberId, name: memberName, email: given.email, emailVerified: true, role: link.role });
    await setPassword(tx, memberId, passwordHash);
    await recordAct(
      tx,
      { kind: "member", id: memberId, name: memberName, email: given.email, role: link.role, sessionId: "" },
      {
        action: `link.${link.purpose}`,
        subject: `member:${memberId}`,
        detail: { email: given.email, role: link.role },
      },
    );
  });
  return signIn(given, headers);
}

async function setPassword(tx: Executor, memberId: string, passwordHash: string): Promise<void> {
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
