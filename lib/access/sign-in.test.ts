import { expect, test } from "vitest";
import {
  countMembers,
  newMember,
  newProject,
  newToken,
  PASSWORD,
  prepareWorkspace,
  TEST_ORIGIN,
} from "../test-workspace.ts";
import { changePassword, endSession, listSessions } from "./account.ts";
import { systemActor } from "./actor.ts";
import {
  createFirstAdminLink,
  createInvitation,
  createSignInLink,
  listInvitations,
  revokeInvitation,
} from "./links.ts";
import { changeRole, listMembers, removeMember } from "./members.ts";
import { memberFromHeaders, readLink, signIn, signOut, spendLink } from "./sign-in.ts";
import { createToken, listTokens, revokeToken, tokenActor } from "./tokens.ts";

prepareWorkspace();

const secretOf = (url: string) => new URL(url).hash.slice(1);
const cookieOf = ({ setCookies }: { setCookies: string[] }) =>
  new Headers({ cookie: setCookies.map((line) => line.split(";", 1)[0]).join("; ") });

test("the first admin comes by a link that is spent once, then there is no such link", async () => {
  const url = (await createFirstAdminLink())!;
  expect(await readLink(secretOf(url))).toEqual({ purpose: "first-admin", email: null, role: "admin" });
  const person = { secret: secretOf(url), email: "Ada@Example.org", password: PASSWORD, name: "Ada" };
  const signedIn = await spendLink(person, new Headers());
  expect(await memberFromHeaders(cookieOf(signedIn))).toMatchObject({ email: "ada@example.org", role: "admin" });
  expect(await readLink(secretOf(url))).toBeNull();
  await expect(spendLink({ ...person, email: "eve@example.org" }, new Headers())).rejects.toMatchObject({
    status: 410,
  });
  expect(await countMembers("eve@example.org")).toBe(0);
  expect(await createFirstAdminLink()).toBeNull();
});

test("of two who spend a link at the same time one gets in", async () => {
  const { url } = await createInvitation(systemActor, { email: null, role: "viewer" });
  const spend = (email: string) => spendLink({ secret: secretOf(url), email, password: PASSWORD }, new Headers());
  const outcomes = await Promise.allSettled([spend("first@example.org"), spend("second@example.org")]);
  expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
});

test("an invitation leads to a page of this site, given whole or from its slash on, and to no other site", async () => {
  const leading = async (leadsTo: string | null) => {
    const { url } = await createInvitation(systemActor, { email: null, role: "viewer", leadsTo });
    return new URL(url).searchParams.get("next");
  };
  const view = "/projects/signs?q=lr%20%3E%201&sort=-created";
  expect(await leading(`${TEST_ORIGIN}${view}`)).toBe(view);
  expect(await leading(view)).toBe(view);
  expect(await leading(" ")).toBeNull();
  for (const elsewhere of ["https://evil.example/a", "//evil.example", "javascript:alert(1)"])
    await expect(leading(elsewhere)).rejects.toMatchObject({ status: 400, errors: [{ field: "leadsTo" }] });
});

test("a link for one address lets no other in, and stays unspent", async () => {
  const { url } = await createInvitation(systemActor, { email: "grace@example.org", role: "member" });
  const wrong = spendLink({ secret: secretOf(url), email: "mallory@example.org", password: PASSWORD }, new Headers());
  await expect(wrong).rejects.toMatchObject({ status: 400, errors: [{ field: "email" }] });
  expect(await readLink(secretOf(url))).toMatchObject({ email: "grace@example.org" });
});

test("e-mail and password sign in; a wrong one doesn't, without saying which", async () => {
  const { actor } = await newMember("member");
  const wrong = signIn({ email: actor.email, password: "not the password" }, new Headers());
  await expect(wrong).rejects.toMatchObject({ status: 401, detail: "E-mail or password is wrong." });
  const nobody = signIn({ email: "nobody@example.org", password: PASSWORD }, new Headers());
  await expect(nobody).rejects.toMatchObject({ status: 401, detail: "E-mail or password is wrong." });
  const headers = cookieOf(await signIn({ email: actor.email.toUpperCase(), password: PASSWORD }, new Headers()));
  expect(await memberFromHeaders(headers)).toMatchObject({ id: actor.id });
  await signOut(headers);
  expect(await memberFromHeaders(headers)).toBeNull();
});

test("a sign-in link sets a new password for a member who lost it", async () => {
  const { actor } = await newMember("viewer");
  const secret = secretOf(await createSignInLink(actor.email));
  await spendLink({ secret, email: actor.email, password: "another long password" }, new Headers());
  await expect(signIn({ email: actor.email, password: PASSWORD }, new Headers())).rejects.toMatchObject({
    status: 401,
  });
  await expect(createSignInLink("nobody@example.org")).rejects.toMatchObject({ status: 404 });
});

test("a new password ends the member's other sessions", async () => {
  const { actor } = await newMember("member");
  const elsewhere = cookieOf(await signIn({ email: actor.email, password: PASSWORD }, new Headers()));
  await expect(changePassword(actor, { current: "wrong", next: "a brand new password" })).rejects.toMatchObject({
    errors: [{ field: "current" }],
  });
  await changePassword(actor, { current: PASSWORD, next: "a brand new password" });
  expect(await memberFromHeaders(elsewhere)).toBeNull();
  expect((await listSessions(actor)).map((session) => session.current)).toEqual([true]);
});

test("a session that is ended is over", async () => {
  const { actor, cookie } = await newMember("member");
  await endSession(actor, actor.sessionId);
  expect(await memberFromHeaders(new Headers({ cookie }))).toBeNull();
});

test("the last admin can be neither demoted nor removed", async () => {
  const admins = (await listMembers(systemActor)).filter((member) => member.role === "admin");
  for (const extra of admins.slice(1)) await removeMember(systemActor, extra.id);
  const [last] = admins;
  await expect(changeRole(systemActor, last!.id, "viewer")).rejects.toMatchObject({ status: 409 });
  await expect(removeMember(systemActor, last!.id)).rejects.toMatchObject({ status: 409 });
});

test("a removed member's session ends with them", async () => {
  const { actor, cookie } = await newMember("member");
  await removeMember(systemActor, actor.id);
  expect(await memberFromHeaders(new Headers({ cookie }))).toBeNull();
});

test("a revoked invitation lets nobody in", async () => {
  const { url } = await createInvitation(systemActor, { email: null, role: "admin" });
  const [newest] = await listInvitations(systemActor);
  await revokeInvitation(systemActor, newest!.id);
  expect(await readLink(secretOf(url))).toBeNull();
});

test("a token works in its project until it is revoked, and its secret is shown once", async () => {
  const project = await newProject();
  const { secret } = await createToken(systemActor, project.id, { name: "node 1", scope: "ingest" });
  const [listed] = await listTokens(systemActor, project.id);
  expect(JSON.stringify(listed)).not.toContain(secret);
  await revokeToken(systemActor, listed!.id);
  expect(await tokenActor(secret)).toBeNull();
  expect(await tokenActor("hold_unknown")).toBeNull();
});

test("a token that was used a moment ago is refused within five seconds of its revocation", async () => {
  const project = await newProject();
  const { actor, secret } = await newToken(project, "read");
  await revokeToken(systemActor, actor.id);
  await expect.poll(() => tokenActor(secret), { timeout: 5_000, interval: 200 }).toBeNull();
});
