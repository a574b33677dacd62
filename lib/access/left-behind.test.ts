/** Who is removed or demoted takes nothing along: no session, no invitation, no token that nobody answers for. */
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { countMembers, newMember, newProject, PASSWORD, prepareWorkspace } from "../test-workspace.ts";
import type { TokenScope } from "../wire/base/words.ts";
import { type MemberActor, systemActor } from "./actor.ts";
import { listAudit } from "./audit.ts";
import { listLeftBehind } from "./left-behind.ts";
import { createFirstAdminLink, createInvitation, createSignInLink } from "./links.ts";
import { changeRole, removeMember } from "./members.ts";
import { memberFromHeaders, readLink, signIn, spendLink } from "./sign-in.ts";
import { createToken, listTokens, revokeToken } from "./tokens.ts";

prepareWorkspace();

const secretOf = (url: string) => new URL(url).hash.slice(1);
const inviteAdmin = async (actor: MemberActor) =>
  secretOf((await createInvitation(actor, { email: null, role: "admin" })).url);
const cookieOf = ({ setCookies }: { setCookies: string[] }) =>
  new Headers({ cookie: setCookies.map((line) => line.split(";", 1)[0]).join("; ") });

/** The project's tokens that work, by name. */
const liveTokens = async (projectId: string): Promise<string[]> =>
  (await listTokens(systemActor, projectId))
    .filter(({ revokedAt }) => !revokedAt)
    .map(({ name }) => name)
    .sort();

async function withTokens(actor: MemberActor, scopes: TokenScope[]) {
  const project = await newProject();
  const ids = new Map<string, string>();
  for (const scope of scopes) ids.set(scope, (await createToken(actor, project.id, { name: scope, scope })).id);
  return { project, ids };
}

test("two first-admin links of two starts make one admin: the newer voids the older, and an admin voids both", async () => {
  const [older, newer] = [secretOf((await createFirstAdminLink())!), secretOf((await createFirstAdminLink())!)];
  const spend = (secret: string, email: string) => spendLink({ secret, email, password: PASSWORD }, new Headers());
  await expect(spend(older, "older@example.org")).rejects.toMatchObject({ status: 410 });
  await spend(newer, "first@example.org");
  expect(await createFirstAdminLink()).toBeNull();
});

test("a first-admin link is void once somebody became admin by another way", async () => {
  await connections().sql`update users set role = 'member'`;
  const secret = secretOf((await createFirstAdminLink())!);
  await newMember("admin");
  expect(await readLink(secret)).toBeNull();
  const spent = spendLink({ secret, email: "second@example.org", password: PASSWORD }, new Headers());
  await expect(spent).rejects.toMatchObject({ status: 410 });
  expect(await countMembers("second@example.org")).toBe(0);
});

test.each(["removed", "demoted"] as const)("the open invitations of a %s admin let nobody in", async (how) => {
  const [{ actor: a }, { actor: b }] = [await newMember("admin"), await newMember("admin")];
  const [theirs, mine] = [await inviteAdmin(b), await inviteAdmin(a)];
  await (how === "removed" ? removeMember(a, b.id) : changeRole(a, b.id, "member"));
  const spend = (secret: string) =>
    spendLink(
      { secret, email: `back-${how}-${secret.slice(0, 5).toLowerCase()}@example.org`, password: PASSWORD },
      new Headers(),
    );
  await expect(spend(theirs)).rejects.toMatchObject({ status: 410 });
  expect(await memberFromHeaders(cookieOf(await spend(mine)))).toMatchObject({ role: "admin" });
});

test("a removed member's tokens are offered by name, and revoked but for those that are kept", async () => {
  const [{ actor: a }, { actor: b }] = [await newMember("admin"), await newMember("admin")];
  const { project, ids } = await withTokens(b, ["ingest", "read", "admin"]);
  await createToken(a, project.id, { name: "another's", scope: "read" });
  const left = (await listLeftBehind(a)).get(b.id)!;
  expect(left.tokens.map(({ name }) => name).sort()).toEqual(["admin", "ingest", "read"]);
  await removeMember(a, b.id, [ids.get("ingest")!]);
  expect(await liveTokens(project.id)).toEqual(["another's", "ingest"]);
  // who kept it answers for it
  expect(
    (await listLeftBehind(a))
      .get(a.id)!
      .tokens.map(({ name }) => name)
      .sort(),
  ).toEqual(["another's", "ingest"]);
  const { rows } = await listAudit(a);
  expect(rows.slice(0, 4).map(({ action }) => action)).toEqual([
    "token.keep",
    "token.revoke",
    "token.revoke",
    "member.remove",
  ]);
});

test.each([
  ["member", ["ingest", "read"]],
  ["viewer", []],
] as const)("of an admin who becomes %s the tokens stay that this role makes: %j", async (role, stay) => {
  const [{ actor: a }, { actor: b }] = [await newMember("admin"), await newMember("admin")];
  const { project } = await withTokens(b, ["ingest", "read", "admin"]);
  await changeRole(a, b.id, role);
  expect(await liveTokens(project.id)).toEqual(stay);
});

test("of a member who becomes viewer no token stays, and none of an admin who comes down step by step", async () => {
  const [{ actor: a }, { actor: member }, { actor: b }] = [
    await newMember("admin"),
    await newMember("member"),
    await newMember("admin"),
  ];
  const [theirs, stepwise] = [await withTokens(member, ["ingest", "read"]), await withTokens(b, ["ingest", "admin"])];
  const invitation = await inviteAdmin(b);
  await changeRole(a, member.id, "viewer");
  expect(await liveTokens(theirs.project.id)).toEqual([]);
  await changeRole(a, b.id, "member");
  expect([await liveTokens(stepwise.project.id), await readLink(invitation)]).toEqual([["ingest"], null]);
  await changeRole(a, b.id, "viewer");
  expect(await liveTokens(stepwise.project.id)).toEqual([]);
});

test("a member who becomes admin loses nothing", async () => {
  const [{ actor: a }, { actor: b }] = [await newMember("admin"), await newMember("member")];
  const { project } = await withTokens(b, ["ingest"]);
  await changeRole(a, b.id, "admin");
  expect(await liveTokens(project.id)).toEqual(["ingest"]);
});

test("a request that began before its member was removed makes no invitation and no token", async () => {
  const [{ actor: a }, { actor: b }] = [await newMember("admin"), await newMember("admin")];
  const project = await newProject();
  await removeMember(a, b.id);
  await expect(inviteAdmin(b)).rejects.toMatchObject({ status: 403 });
  const make = createToken(b, project.id, { name: "late", scope: "ingest" });
  await expect(make).rejects.toMatchObject({ status: 403 });
  await expect(removeMember(b, a.id)).rejects.toMatchObject({ status: 403 });
});

test("two admins who remove each other at the same time leave one", async () => {
  const [{ actor: a }, { actor: b }] = [await newMember("admin"), await newMember("admin")];
  const outcomes = await Promise.allSettled([removeMember(a, b.id), removeMember(b, a.id)]);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("a password that a sign-in link sets ends every session, and voids links that were made before", async () => {
  const { actor, cookie } = await newMember("member");
  const [older, newer] = [secretOf(await createSignInLink(actor.email)), secretOf(await createSignInLink(actor.email))];
  const spend = (secret: string) =>
    spendLink({ secret, email: actor.email, password: "another long password" }, new Headers());
  await expect(spend(older)).rejects.toMatchObject({ status: 410 });
  const signedIn = await spend(newer);
  expect(await memberFromHeaders(new Headers({ cookie }))).toBeNull();
  expect(await memberFromHeaders(cookieOf(signedIn))).toMatchObject({ id: actor.id });
});

test("a member revokes tokens that a member may make, whoever made them, and an admin any", async () => {
  const [{ actor: admin }, { actor: member }] = [await newMember("admin"), await newMember("member")];
  const { project, ids } = await withTokens(admin, ["ingest", "read", "admin"]);
  await expect(revokeToken(member, ids.get("admin")!)).rejects.toMatchObject({ status: 403 });
  await revokeToken(member, ids.get("ingest")!);
  expect(await liveTokens(project.id)).toEqual(["admin", "read"]);
  await revokeToken(admin, ids.get("admin")!);
  expect(await liveTokens(project.id)).toEqual(["read"]);
});

test.each([{}, ["not an id"], [1]])("kept tokens are ids: %j is refused", async (kept) => {
  const { actor } = await newMember("viewer");
  const refused = removeMember(systemActor, actor.id, kept as never);
  await expect(refused).rejects.toMatchObject({ status: 400 });
  expect(await signIn({ email: actor.email, password: PASSWORD }, new Headers())).toBeDefined();
});
