import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { connections } from "../../db/connection.ts";
import { links, users } from "../../db/schema/people.ts";
import { countMembers, newMember, PASSWORD, prepareWorkspace } from "../test-workspace.ts";
import { type MemberActor, systemActor } from "./actor.ts";
import { listAudit } from "./audit.ts";
import { createInvitation } from "./links.ts";
import { disableMember, removeMember } from "./members.ts";
import { CLIENT, type Saying, startIssuer, strangersKey, type TestIssuer } from "./provider/test-issuer.ts";
import {
  beginProviderInvitation,
  beginProviderJoin,
  beginProviderSignIn,
  finishProviderSignIn,
  type ProviderStep,
} from "./provider-sign-in.ts";
import { memberFromHeaders, spendLink } from "./sign-in.ts";
import { sweepTries } from "./throttle.ts";
import { hasPassword, listJoined, partProvider } from "./ways-in.ts";

prepareWorkspace();
let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startIssuer();
  vi.stubEnv("HOLDOUT_OIDC_ISSUER", issuer.url);
  vi.stubEnv("HOLDOUT_OIDC_CLIENT_ID", CLIENT.id);
  vi.stubEnv("HOLDOUT_OIDC_CLIENT_SECRET", CLIENT.secret);
  // what is refused is told to whoever runs the server
  vi.spyOn(console, "error").mockImplementation(() => {});
});
// all come from one origin here
beforeEach(() => sweepTries(Date.now() + 120_000));
afterAll(async () => {
  vi.unstubAllEnvs();
  await issuer.stop();
});

type Sent = Extract<ProviderStep, { url: string }>;
const cookieOf = (setCookies: string[], more = "") =>
  new Headers({ cookie: [...setCookies.map((line) => line.split(";", 1)[0]), more].join("; ") });
const sent = (step: ProviderStep): Sent => {
  if ("refused" in step) throw new Error(`refused: ${step.refused}`);
  return step;
};
const sure = (sub: string, email: string): Saying => ({
  claims: { sub, email, email_verified: true, name: `Who ${sub}` },
});

/** Goes to the provider and comes back with what it says. */
async function comeBy(saying: Saying, begun?: ProviderStep, cookie = ""): Promise<ProviderStep> {
  const { url, setCookies } = sent(begun ?? (await beginProviderSignIn("/inbox", new Headers())));
  return finishProviderSignIn(issuer.answer(url, saying), cookieOf(setCookies, cookie));
}

async function memberOf(step: ProviderStep): Promise<MemberActor> {
  const member = await memberFromHeaders(cookieOf(sent(step).setCookies));
  if (!member) throw new Error("no session began");
  return member;
}

async function invite(email: string | null): Promise<string> {
  const { url } = await createInvitation(systemActor, { email, role: "member" });
  return new URL(url).hash.slice(1);
}

test("the provider is asked with PKCE, state, nonce, and the redirect address that is registered", async () => {
  const { url, setCookies } = sent(await beginProviderSignIn("/", new Headers()));
  const { searchParams } = new URL(url);
  expect(Object.fromEntries(searchParams)).toMatchObject({
    response_type: "code",
    scope: "openid email profile",
    code_challenge_method: "S256",
    redirect_uri: "http://holdout.test/sign-in/provider/callback",
  });
  for (const name of ["state", "nonce", "code_challenge"]) expect(searchParams.get(name)).toMatch(/^[\w-]{43}$/);
  expect(setCookies[0]).toMatch(/; HttpOnly; SameSite=Lax$/);
});

test("a verified address that was invited joins the member, and leads where the link led; then subject alone counts", async () => {
  const { actor } = await newMember("member");
  const step = await comeBy(sure("s1", actor.email.toUpperCase()));
  expect(sent(step).url).toBe("/inbox");
  expect(await memberOf(step)).toMatchObject({ id: actor.id, role: "member" });
  const { actor: other } = await newMember("admin");
  // at the provider the address became another member's, and afterwards nobody's word at all
  expect(await memberOf(await comeBy(sure("s1", other.email)))).toMatchObject({ id: actor.id, email: actor.email });
  expect(await memberOf(await comeBy({ claims: { sub: "s1" } }))).toMatchObject({ id: actor.id });
  // who was given the address at the provider later is somebody else
  expect(await comeBy(sure("s2", actor.email))).toMatchObject({ refused: "other-account" });
  const { rows } = await listAudit(systemActor, { what: `provider.join ${actor.id}` });
  expect(rows).toMatchObject([
    {
      actor: `member:${actor.id}`,
      detail: { from: "parted", to: "joined", issuer: issuer.url, account: "s1", by: "email" },
    },
  ]);
});

test("what the ID token leaves out is asked of the provider's userinfo, about the same subject", async () => {
  const { actor } = await newMember("viewer");
  const userInfo = { sub: "s3", email: actor.email, email_verified: true };
  expect(await comeBy({ claims: { sub: "s3" }, userInfo: { ...userInfo, sub: "s4" } })).toMatchObject({
    refused: "invalid",
  });
  expect(await memberOf(await comeBy({ claims: { sub: "s3" }, userInfo }))).toMatchObject({ id: actor.id });
});

test("nobody is signed up: a stranger is refused, and so is an address that isn't verified", async () => {
  expect(await comeBy(sure("x1", "stranger@example.org"))).toMatchObject({ refused: "unknown", next: "/inbox" });
  expect(await countMembers("stranger@example.org")).toBe(0);
  const { actor } = await newMember("admin");
  for (const email_verified of [false, undefined, "true", 1])
    expect(await comeBy({ claims: { sub: "x2", email: actor.email, email_verified } })).toMatchObject({
      refused: "unverified",
    });
  expect(await listJoined(actor)).toEqual([]);
});

test("who named the address themselves isn't joined by it, so that nobody lies in wait for its owner", async () => {
  const secret = await invite(null);
  const given = { secret, email: "victim@example.org", password: PASSWORD, name: "Not the victim" };
  const cookies = cookieOf((await spendLink(given, new Headers())).setCookies).get("cookie")!;
  expect(await comeBy(sure("v1", given.email))).toMatchObject({ refused: "unjoined" });
  // signed in, the member joins by themselves, where the provider has verified the same address
  const actor = (await memberFromHeaders(new Headers({ cookie: cookies })))!;
  const joining = () => beginProviderJoin(actor, "/settings/account", new Headers());
  expect(await comeBy(sure("v2", "else@example.org"), await joining(), cookies)).toMatchObject({
    refused: "other-address",
  });
  // and nobody else's session, nor none, may bring the answer
  expect(await comeBy(sure("v1", given.email), await joining())).toMatchObject({ refused: "other-session" });
  const { cookie } = await newMember("member");
  expect(await comeBy(sure("v1", given.email), await joining(), cookie)).toMatchObject({ refused: "other-session" });
  expect(sent(await comeBy(sure("v1", given.email), await joining(), cookies)).setCookies).toEqual([]);
  expect(await memberOf(await comeBy(sure("v1", given.email)))).toMatchObject({ id: actor.id });
});

test("a disabled member isn't let in, whether joined or not, and a removed one is a stranger", async () => {
  const { actor: joined } = await newMember("member");
  await comeBy(sure("d1", joined.email));
  const { actor: apart } = await newMember("member");
  for (const { id } of [joined, apart]) await disableMember(systemActor, id);
  expect(await comeBy(sure("d1", joined.email))).toMatchObject({ refused: "disabled" });
  expect(await comeBy(sure("d2", apart.email))).toMatchObject({ refused: "disabled" });
  await removeMember(systemActor, joined.id);
  expect(await comeBy(sure("d1", joined.email))).toMatchObject({ refused: "unknown" });
});

test("an invitation is accepted by its address alone, or by any that is verified where it has none, and once", async () => {
  const secret = await invite("grace@example.org");
  const accept = async (saying: Saying, by = secret) =>
    comeBy(saying, await beginProviderInvitation(by, "/projects/signs", new Headers()));
  expect(await accept(sure("g1", "mallory@example.org"))).toMatchObject({ refused: "other-address" });
  const unsure = { claims: { sub: "g1", email: "grace@example.org", email_verified: false } };
  expect(await accept(unsure)).toMatchObject({ refused: "unverified", kind: "invitation" });
  const step = await accept(sure("g1", "grace@example.org"));
  expect(sent(step).url).toBe("/projects/signs");
  const grace = await memberOf(step);
  expect(grace).toMatchObject({ email: "grace@example.org", name: "Who g1", role: "member" });
  expect(await hasPassword(grace)).toBe(false);
  expect(await beginProviderInvitation(secret, "/", new Headers())).toMatchObject({ refused: "link" });

  const open = await invite(null);
  expect(await accept(sure("g1", "new@example.org"), open)).toMatchObject({ refused: "member-already" });
  expect(await accept(sure("g2", "grace@example.org"), open)).toMatchObject({ refused: "member-already" });
  const atOnce = ["g3", "g4"].map(async (sub) => ({
    saying: sure(sub, `${sub}@example.org`),
    begun: await beginProviderInvitation(open, "/projects/signs", new Headers()),
  }));
  const came = (await Promise.all(atOnce)).map(({ saying, begun }) => comeBy(saying, begun));
  const [one, two] = await Promise.all(came);
  expect([one, two].filter((step) => step && "refused" in step && step.refused === "link")).toHaveLength(1);
  const revoked = await invite(null);
  const begun = await beginProviderInvitation(revoked, "/", new Headers());
  await connections().db.delete(links).where(eq(links.purpose, "invitation"));
  expect(await comeBy(sure("g5", "late@example.org"), begun)).toMatchObject({ refused: "link" });
  expect(await countMembers("late@example.org")).toBe(0);
});

test("who parts is let in by the provider no more, until they join again; the only way in stays", async () => {
  const { actor, cookie } = await newMember("member");
  const elsewhere = await comeBy(sure("p1", actor.email));
  const [joined] = await listJoined(actor);
  expect(joined).toMatchObject({ issuer: issuer.url, isCurrent: true });
  const { actor: other } = await newMember("member");
  await partProvider(other, joined!.id);
  await partProvider(actor, joined!.id);
  expect(await listJoined(actor)).toEqual([]);
  await expect(memberOf(elsewhere)).rejects.toThrow("no session");
  expect(await memberFromHeaders(new Headers({ cookie }))).not.toBeNull();
  expect(await comeBy(sure("p1", actor.email))).toMatchObject({ refused: "unjoined" });

  const begun = await beginProviderInvitation(await invite("only@example.org"), "/", new Headers());
  const only = await memberOf(await comeBy(sure("p2", "only@example.org"), begun));
  const [way] = await listJoined(only);
  await expect(partProvider(only, way!.id)).rejects.toMatchObject({ status: 409 });
  expect(await listJoined(only)).toHaveLength(1);
});

const past = Math.floor(Date.now() / 1000) - 3600;
let target: MemberActor;
beforeAll(async () => {
  target = (await newMember("admin")).actor;
});
test.each<[string, Partial<Saying>]>([
  ["a nonce of another sign-in", { claims: { nonce: "another" } }],
  ["no nonce", { claims: { nonce: undefined } }],
  ["another issuer", { claims: { iss: "https://evil.example" } }],
  ["another audience", { claims: { aud: "another app" } }],
  ["several audiences, for another of them", { claims: { aud: [CLIENT.id, "another app"], azp: "another app" } }],
  ["a time that is over", { claims: { iat: past - 300, exp: past } }],
  ["a stranger's signature", { signedBy: strangersKey }],
  ["no signature", { algorithm: "none" }],
  ["an algorithm that the issuer doesn't name", { algorithm: "HS256" }],
])("an ID token with %s is refused", async (_what, said) => {
  const claims = { ...sure("evil", target.email).claims, ...said.claims };
  expect(await comeBy({ ...said, claims })).toMatchObject({ refused: "invalid" });
  expect(await listJoined(target)).toEqual([]);
});

test("an answer is good once, in the browser that asked, with its own state, code and issuer", async () => {
  const { actor } = await newMember("member");
  const begin = async () => sent(await beginProviderSignIn("/inbox", new Headers()));
  const saying = sure("a1", actor.email);
  const { url, setCookies } = await begin();
  const answer = issuer.answer(url, saying);
  expect(await finishProviderSignIn(answer, cookieOf(setCookies))).toMatchObject({ url: "/inbox" });
  expect(await finishProviderSignIn(answer, cookieOf(setCookies))).toMatchObject({ refused: "state" });

  // somebody's answer is brought to a browser that didn't ask, or that asked for another
  const theirs = await begin();
  const own = await begin();
  const stolen = issuer.answer(theirs.url, saying);
  expect(await finishProviderSignIn(stolen, cookieOf(own.setCookies))).toMatchObject({ refused: "state" });
  expect(await finishProviderSignIn(issuer.answer(own.url, saying), new Headers())).toMatchObject({ refused: "state" });
  expect(await finishProviderSignIn(new URLSearchParams({ code: "x" }), new Headers())).toMatchObject({
    refused: "state",
  });

  const changed = async (change: Record<string, string>) => {
    const { url, setCookies } = await begin();
    const query = issuer.answer(url, saying);
    for (const [name, value] of Object.entries(change)) query.set(name, value);
    return finishProviderSignIn(query, cookieOf(setCookies));
  };
  expect(await changed({ iss: "https://evil.example" })).toMatchObject({ refused: "invalid" });
  expect(await changed({ code: "used before" })).toMatchObject({ refused: "expired", next: "/inbox" });
  expect(await changed({ error: "access_denied" })).toMatchObject({ refused: "denied" });
  expect(await changed({ error: "server_error" })).toMatchObject({ refused: "failed" });
  // the code of another sign-in has another challenge
  const [first, second] = [await begin(), await begin()];
  const mixed = issuer.answer(first.url, saying);
  mixed.set("code", issuer.answer(second.url, saying).get("code")!);
  expect(await finishProviderSignIn(mixed, cookieOf(first.setCookies))).toMatchObject({ refused: "expired" });
});

test("a session of the provider's is a new one, whatever cookie the browser brought", async () => {
  const { actor } = await newMember("member");
  const { actor: mallory, cookie } = await newMember("member");
  const step = await comeBy(sure("f1", actor.email), undefined, cookie);
  expect(await memberOf(step)).toMatchObject({ id: actor.id });
  const [token] = sent(step).setCookies.filter((line) => line.startsWith("holdout.session_token="));
  expect(cookie).not.toContain(token!.split(";", 1)[0]);
  expect(await memberFromHeaders(new Headers({ cookie }))).toMatchObject({ id: mallory.id });
});

test("a provider that can't be reached, or isn't the issuer that was set, is said so, and passwords go on", async () => {
  const { actor } = await newMember("member");
  vi.stubEnv("HOLDOUT_OIDC_ISSUER", "http://127.0.0.1:9");
  expect(await beginProviderSignIn("/inbox", new Headers())).toEqual({
    refused: "unreachable",
    kind: "sign-in",
    next: "/inbox",
  });
  vi.stubEnv("HOLDOUT_OIDC_ISSUER", issuer.url.replace("127.0.0.1", "localhost"));
  expect(await beginProviderSignIn("/inbox", new Headers())).toMatchObject({ refused: "unreachable" });
  vi.stubEnv("HOLDOUT_OIDC_CLIENT_SECRET", "");
  expect(await beginProviderSignIn("/inbox", new Headers())).toMatchObject({ refused: "unset" });
  const [row] = await connections().db.select().from(users).where(eq(users.id, actor.id));
  expect(row).toMatchObject({ joinsByEmail: true });
});
