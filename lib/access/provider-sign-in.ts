/**
 * Sign-in by the provider (OpenID Connect). It signs nobody up: an account is joined by an invitation, by the member
 * themselves, or by a verified address that was invited; from then on by the provider's own name for the person, never by
 * e-mail again.
 */
import { and, eq, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { accounts, users } from "../../db/schema/people.ts";
import { logError } from "../log.ts";
import { asProblem, ProblemError } from "../problem.ts";
import type { MemberActor } from "./actor.ts";
import { recordAct } from "./audit.ts";
import { askAuth, isDisabled } from "./auth.ts";
import { rememberBrowser } from "./callers/known-browser.ts";
import { authorise } from "./permissions.ts";
import { keepAttempt, type Purpose, takeAttempt } from "./provider/attempts.ts";
import { beginExchange, finishExchange, type Identity } from "./provider/exchange.ts";
import { ProviderRefusal, type RefusalReason } from "./provider/refusal.ts";
import { type Provider, readProvider } from "./provider/settings.ts";
import { hashSecret } from "./secret.ts";
import { actorOf, addMember, findLink, markSpent, memberFromHeaders } from "./sign-in.ts";
import { countLink } from "./throttle.ts";
import { providerIdOf } from "./ways-in.ts";

/** Where the browser goes now, and with which cookies; or why nothing came of it, and where that is to be said. */
export type ProviderStep =
  | { url: string; setCookies: string[] }
  | { refused: RefusalReason; kind: Purpose["kind"]; next: string };

/** Sends a person to the provider to sign in, and then to `next`, a path of this site. */
export const beginProviderSignIn = (next: string, headers: Headers): Promise<ProviderStep> =>
  begin({ kind: "sign-in", next }, headers);

/** Sends whoever holds an invitation to the provider, to join by it. */
export async function beginProviderInvitation(secret: string, next: string, headers: Headers): Promise<ProviderStep> {
  const linkHash = hashSecret(secret);
  const link = await findLink(connections().db, linkHash);
  const purpose: Purpose = { kind: "invitation", next, linkHash: linkHash.toString("hex") };
  if (link?.purpose !== "invitation") return { refused: "link", kind: purpose.kind, next };
  return begin(purpose, headers, link.email);
}

/** Sends the member to the provider, to join their account there with theirs here. */
export async function beginProviderJoin(actor: MemberActor, next: string, headers: Headers): Promise<ProviderStep> {
  authorise(actor, "account.manage");
  return begin({ kind: "join", next, memberId: actor.id }, headers, actor.email);
}

async function begin(purpose: Purpose, headers: Headers, hint: string | null = null): Promise<ProviderStep> {
  return refusing(purpose, async () => {
    await counted(headers);
    const { url, ...exchange } = await beginExchange(requireProvider(), hint);
    return { url, setCookies: [await keepAttempt({ purpose, exchange }, headers)] };
  });
}

/** Takes the provider's answer: the query with which it sent the browser back. It is good once. */
export async function finishProviderSignIn(answer: URLSearchParams, headers: Headers): Promise<ProviderStep> {
  const nowhere: Purpose = { kind: "sign-in", next: "/" };
  return refusing(nowhere, async () => {
    await counted(headers);
    const provider = requireProvider();
    const attempt = await takeAttempt(answer.get("state") ?? "", headers);
    if (!attempt) throw new ProviderRefusal("state");
    const { purpose, exchange } = attempt;
    return refusing(purpose, async () => {
      if (purpose.kind === "join" && (await memberFromHeaders(headers))?.id !== purpose.memberId)
        throw new ProviderRefusal("other-session");
      const identity = await finishExchange(provider, answer, exchange);
      const member = await connections().db.transaction((tx) => admit(tx, purpose, identity));
      // a member who joins is signed in already
      const setCookies = purpose.kind === "join" ? [] : await startSession(member, headers);
      return { url: purpose.next, setCookies };
    });
  });
}

function requireProvider(): Provider {
  const { provider } = readProvider();
  if (!provider) throw new ProviderRefusal("unset");
  return provider;
}

async function counted(headers: Headers): Promise<void> {
  await countLink(headers).catch((cause: unknown) => {
    throw cause instanceof ProblemError ? new ProviderRefusal("too-many", { cause }) : cause;
  });
}

/** A refusal is an answer of its own; what only whoever runs the server can mend is told them in its log. */
async function refusing({ kind, next }: Purpose, work: () => Promise<ProviderStep>): Promise<ProviderStep> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProviderRefusal)) throw error;
    const { reason, cause } = error;
    if (["unreachable", "failed", "invalid"].includes(reason))
      logError(`sign-in by the provider (${reason}): ${causesOf(cause)}`);
    return { refused: reason, kind, next };
  }
}

/** What each cause says of itself, without what the provider sent. */
function causesOf(error: unknown): string {
  const words: string[] = [];
  for (let at = error; at instanceof Error && words.length < 5; at = at.cause) words.push(at.message);
  return words.join(": ");
}

type MemberRow = typeof users.$inferSelect;

/** The member who comes in, joined with the provider's account from now on. Throws ProviderRefusal. */
async function admit(tx: Executor, purpose: Purpose, identity: Identity): Promise<MemberRow> {
  const joined = await findJoined(tx, identity);
  if (purpose.kind === "invitation") {
    if (joined) throw new ProviderRefusal("member-already");
    return acceptInvitation(tx, purpose.linkHash, identity);
  }
  if (purpose.kind === "join") return joinOwn(tx, purpose.memberId, joined, identity);
  const member = joined ?? (await findByEmail(tx, identity));
  if (member.disabledAt) throw new ProviderRefusal("disabled");
  if (!joined) await join(tx, member, identity, "email");
  return member;
}

/** Whose account is joined with the provider's: by issuer and subject, whatever its e-mail is by now. */
async function findJoined(tx: Executor, { issuer, subject }: Identity): Promise<MemberRow | null> {
  const own = and(eq(accounts.providerId, providerIdOf(issuer)), eq(accounts.accountId, subject));
  const [found] = await tx
    .select({ user: users })
    .from(accounts)
    .innerJoin(users, eq(users.id, accounts.userId))
    .where(own);
  return found?.user ?? null;
}

/** The member whose invited address the provider verified. */
async function findByEmail(tx: Executor, { email }: Identity): Promise<MemberRow> {
  if (email === null) throw new ProviderRefusal("unverified");
  const [member] = await tx.select().from(users).where(eq(users.email, email)).for("update");
  if (!member) throw new ProviderRefusal("unknown");
  if (!member.joinsByEmail) throw new ProviderRefusal(member.disabledAt ? "disabled" : "unjoined");
  return member;
}

async function acceptInvitation(tx: Executor, linkHash: string, identity: Identity): Promise<MemberRow> {
  const { email } = identity;
  if (email === null) throw new ProviderRefusal("unverified");
  // whoever spends a link at the same time, by a password, comes before or after
  await tx.execute(sql`select from workspace for update`);
  const link = await findLink(tx, Buffer.from(linkHash, "hex"));
  if (link?.purpose !== "invitation") throw new ProviderRefusal("link");
  if (link.email !== null && link.email !== email) throw new ProviderRefusal("other-address");
  const [existing] = await tx.select({ id: users.id }).from(users).where(eq(users.email, email));
  if (existing) throw new ProviderRefusal("member-already");
  if (!(await markSpent(tx, link))) throw new ProviderRefusal("link");
  const member = await addMember(tx, { email, name: identity.name ?? undefined }, { ...link, email });
  const detail = { email, from: null, to: link.role };
  await recordAct(tx, actorOf(member), { action: "link.invitation", subject: `member:${member.id}`, detail });
  await join(tx, member, identity, "invitation");
  return member;
}

/** Joins the account of who is signed in and began it; its address has to be the provider's. */
async function joinOwn(
  tx: Executor,
  memberId: string,
  joined: MemberRow | null,
  identity: Identity,
): Promise<MemberRow> {
  const [member] = await tx.select().from(users).where(eq(users.id, memberId)).for("update");
  if (!member || member.disabledAt) throw new ProviderRefusal("other-session");
  if (joined?.id === memberId) return member;
  if (joined) throw new ProviderRefusal("other-account");
  if (identity.email === null) throw new ProviderRefusal("unverified");
  if (identity.email !== member.email) throw new ProviderRefusal("other-address");
  await join(tx, member, identity, "account");
  return member;
}

/** `by`: what says that the two are one person. */
async function join(
  tx: Executor,
  member: MemberRow,
  { issuer, subject }: Identity,
  by: "invitation" | "email" | "account",
): Promise<void> {
  const own = and(eq(accounts.userId, member.id), eq(accounts.providerId, providerIdOf(issuer)));
  const [other] = await tx.select({ id: accounts.id }).from(accounts).where(own);
  if (other) throw new ProviderRefusal("other-account");
  const [made] = await tx
    .insert(accounts)
    .values({ id: crypto.randomUUID(), accountId: subject, providerId: providerIdOf(issuer), userId: member.id })
    .onConflictDoNothing()
    .returning();
  if (!made) throw new ProviderRefusal("other-account");
  await tx.update(users).set({ joinsByEmail: true }).where(eq(users.id, member.id));
  const detail = { from: "parted", to: "joined", issuer, account: subject, by, email: member.email };
  await recordAct(tx, actorOf(member), { action: "provider.join", subject: `member:${member.id}`, detail });
}

async function startSession({ id, email }: MemberRow, headers: Headers): Promise<string[]> {
  const begun = askAuth((api) => api.signInProven({ body: { userId: id }, headers, returnHeaders: true }));
  const { headers: answered } = await begun.catch((cause: unknown) => {
    if (isDisabled(cause)) throw new ProviderRefusal("disabled", { cause });
    throw asProblem(cause) ?? cause;
  });
  return [...answered.getSetCookie(), rememberBrowser(email)];
}
