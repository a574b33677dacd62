/** Passkeys: keys of a device or a stick, with which a member signs in without a password. */
import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { connections } from "../../db/connection.ts";
import { passkeys, users } from "../../db/schema/people.ts";
import { asProblem, ProblemError, parse } from "../problem.ts";
import type { MemberActor } from "./actor.ts";
import { recordAct } from "./audit.ts";
import { askAuth, isDisabled } from "./auth.ts";
import { rememberBrowser } from "./callers/known-browser.ts";
import { authorise } from "./permissions.ts";
import { disabled, type SignedIn } from "./sign-in.ts";
import { countLink, countPasskeyAsked, countTry } from "./throttle.ts";
import { lockWays, requireAnotherWay } from "./ways-in.ts";

export type Passkey = { id: string; name: string; createdAt: string };
/** What a browser is asked, as `PublicKeyCredential` reads it from JSON, and the cookie by which its answer is known. */
export type PasskeyAsked = { options: object; setCookies: string[] };

/** The member's own, by age, at most 100. */
export async function listPasskeys(actor: MemberActor): Promise<Passkey[]> {
  authorise(actor, "account.manage");
  const { id, name, createdAt, userId } = passkeys;
  const own = connections().db.select({ id, name, createdAt }).from(passkeys).where(eq(userId, actor.id));
  const rows = await own.orderBy(asc(createdAt), asc(id)).limit(100);
  return rows.map((row) => ({ id: row.id, name: row.name ?? "Passkey", createdAt: row.createdAt.toISOString() }));
}

/** What the browser is asked to make a passkey. Throws `forbidden` where the member signed in more than a day ago. */
export async function beginPasskey(actor: MemberActor, headers: Headers): Promise<PasskeyAsked> {
  authorise(actor, "account.manage");
  await countTry(`add passkey:${actor.id}`, 10);
  const asked = askAuth((api) => api.generatePasskeyRegistrationOptions({ headers, query: {}, returnHeaders: true }));
  const { response, headers: answered } = await asked.catch(refused);
  return { options: response, setCookies: answered.getSetCookie() };
}

const text = z.string().max(20_000);
/** What a browser's credential is as JSON, of both kinds; what isn't text or needed is left out. */
const credentialSchema = z.object({
  id: z.string().max(2_000),
  rawId: z.string().max(2_000),
  type: z.literal("public-key"),
  clientExtensionResults: z.object({}).default({}),
});
const madeSchema = credentialSchema.extend({
  response: z.object({
    clientDataJSON: text,
    attestationObject: text,
    transports: z.array(z.string().max(20)).max(10).optional(),
  }),
});
const shownSchema = credentialSchema.extend({
  response: z.object({ clientDataJSON: text, authenticatorData: text, signature: text, userHandle: text.optional() }),
});
const name = z.string().trim().min(1, "a name, such as the device's").max(100);

/** Keeps the passkey that the browser made. Throws `invalid` where it isn't an answer to what it was asked. */
export async function addPasskey(
  actor: MemberActor,
  input: { name: string; response: unknown },
  headers: Headers,
): Promise<void> {
  authorise(actor, "account.manage");
  const given = parse(z.object({ name, response: madeSchema }), input);
  const kept = askAuth((api) => api.verifyPasskeyRegistration({ body: given, headers }));
  const { id } = await kept.catch(refused);
  await connections().db.transaction(async (tx) => {
    const detail = { name: given.name };
    await recordAct(tx, actor, { action: "passkey.add", subject: `member:${actor.id}`, detail: { ...detail, id } });
  });
}

/** Names one of the member's own passkeys anew. */
export async function renamePasskey(actor: MemberActor, id: string, to: string): Promise<void> {
  authorise(actor, "account.manage");
  const given = parse(z.object({ id: z.string().max(100), name }), { id, name: to });
  await connections().db.transaction(async (tx) => {
    const own = and(eq(passkeys.id, given.id), eq(passkeys.userId, actor.id));
    const [before] = await tx.select().from(passkeys).where(own).for("update");
    if (!before) throw new ProblemError("not-found", "there is no passkey of yours with that id");
    if (before.name === given.name) return;
    await tx.update(passkeys).set({ name: given.name }).where(own);
    const detail = { from: before.name, to: given.name };
    await recordAct(tx, actor, { action: "passkey.rename", subject: `member:${actor.id}`, detail });
  });
}

/**
 * Removes one of the member's own passkeys: nobody signs in with it any more. Throws `conflict` where no other way to sign
 * in is left. May be repeated.
 */
export async function removePasskey(actor: MemberActor, id: string): Promise<void> {
  authorise(actor, "account.manage");
  const given = parse(z.object({ id: z.string().max(100) }), { id });
  await connections().db.transaction(async (tx) => {
    const own = and(eq(passkeys.id, given.id), eq(passkeys.userId, actor.id));
    await lockWays(tx, actor.id);
    const [gone] = await tx.delete(passkeys).where(own).returning();
    if (!gone) return;
    await requireAnotherWay(tx, actor.id);
    const detail = { name: gone.name };
    await recordAct(tx, actor, { action: "passkey.remove", subject: `member:${actor.id}`, detail });
  });
}

/** What a stranger's browser is asked to sign in with a passkey of this site. */
export async function askPasskey(headers: Headers): Promise<PasskeyAsked> {
  await countPasskeyAsked(headers);
  const asked = await askAuth((api) => api.generatePasskeyAuthenticationOptions({ headers, returnHeaders: true }));
  const options = { ...asked.response, userVerification: "required" };
  return { options, setCookies: asked.headers.getSetCookie() };
}

/** Signs in with what the browser answered. Throws `unauthenticated` for a passkey that is unknown or not verified. */
export async function signInWithPasskey(input: unknown, headers: Headers): Promise<SignedIn> {
  const { response } = parse(z.object({ response: shownSchema }), { response: input });
  await countLink(headers);
  const verified = askAuth((api) =>
    api.verifyPasskeyAuthentication({ body: { response }, headers, returnHeaders: true }),
  );
  const { response: answer, headers: answered } = await verified.catch((cause: unknown) => {
    if (isDisabled(cause)) throw disabled(cause);
    if (asProblem(cause)) throw cause;
    const words = "This passkey isn't known here, or was removed. Sign in with your password.";
    throw new ProblemError("unauthenticated", words, undefined, { cause });
  });
  const [member] = await connections().db.select().from(users).where(eq(users.id, answer.user.id));
  return { setCookies: [...answered.getSetCookie(), ...(member ? [rememberBrowser(member.email)] : [])] };
}

/** What better-auth refused, in words; a database that is away stays what it is. */
function refused(cause: unknown): never {
  if (asProblem(cause)) throw cause;
  const code = (cause as { body?: { code?: unknown } }).body?.code;
  if (code === "SESSION_NOT_FRESH")
    throw new ProblemError("forbidden", "You signed in more than a day ago. Sign in again, then add the passkey.");
  throw new ProblemError("invalid", "The passkey couldn't be verified. Try again.", undefined, { cause });
}
