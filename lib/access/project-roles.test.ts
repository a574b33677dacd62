/** Members who may less in a project, and members who are kept out. */
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { createDataset, requireDataset } from "../datasets/datasets.ts";
import { listOverviews } from "../projects/overview.ts";
import { getProject, listProjects } from "../projects/projects.ts";
import { getRun } from "../runs/runs.ts";
import { createView, deleteView, listViews } from "../table/views.ts";
import { newMember, newProject, newRun, PASSWORD, prepareWorkspace, sqlAs } from "../test-workspace.ts";
import { type MemberActor, systemActor } from "./actor.ts";
import { createInvitation, createSignInLink } from "./links.ts";
import { changeRole, disableMember, enableMember, listMembers } from "./members.ts";
import { can } from "./permissions.ts";
import { listProjectMembers, setProjectRole } from "./project-roles.ts";
import { memberFromHeaders, readLink, signIn } from "./sign-in.ts";
import { createToken, listTokens, tokenActor } from "./tokens.ts";

const workspace = prepareWorkspace();

const now = async (cookie: string): Promise<MemberActor> => (await memberFromHeaders(new Headers({ cookie })))!;
const [notThere, forbidden] = [{ status: 404 }, { status: 403 }];

test("a project that is shut to a member is in no list of theirs, and is back once the role is lifted", async () => {
  const [project, other] = [await newProject("Shut"), await newProject("Open")];
  const { run } = await newRun(project);
  const { actor, cookie } = await newMember("member");
  await setProjectRole(systemActor, project.id, actor.id, "none");
  const kept = await now(cookie);
  expect((await listProjects(kept)).map(({ id }) => id)).toEqual([other.id]);
  expect((await listOverviews(kept)).map(({ id }) => id)).toEqual([other.id]);
  expect(await getProject(kept, project.slug)).toBeNull();
  expect(await getRun(kept, run.id)).toBeNull();
  await expect(listViews(kept, project.id)).rejects.toMatchObject(notThere);
  await setProjectRole(systemActor, project.id, actor.id, "member");
  expect(await getProject(await now(cookie), project.slug)).not.toBeNull();
});

test("a view of their own isn't there for who lost its project, and a dataset for who may add to it nowhere", async () => {
  const [project, reader] = [await newProject(), await newProject()];
  const { actor, cookie } = await newMember("member");
  const view = await createView(actor, project.id, { name: "mine", query: "" });
  const dataset = await createDataset(systemActor, { project: project.id, name: "scans", version: "1" });
  await setProjectRole(systemActor, project.id, actor.id, "viewer");
  await setProjectRole(systemActor, reader.id, actor.id, "none");
  await expect(requireDataset(await now(cookie), dataset.id)).rejects.toMatchObject(forbidden);
  await setProjectRole(systemActor, project.id, actor.id, "none");
  await expect(requireDataset(await now(cookie), dataset.id)).rejects.toMatchObject(notThere);
  await expect(deleteView(await now(cookie), view.id)).rejects.toMatchObject(notThere);
});

test("a narrower role ends the tokens of that project that it couldn't make, but for those that are kept", async () => {
  const [project, other] = [await newProject(), await newProject()];
  const { actor } = await newMember("member");
  const make = (projectId: string, name: string) => createToken(actor, projectId, { name, scope: "ingest" });
  const [kept, lost] = [await make(project.id, "kept"), await make(project.id, "lost")];
  const elsewhere = await make(other.id, "elsewhere");
  await setProjectRole(systemActor, project.id, actor.id, "viewer", [kept.id]);
  const answers = await Promise.all([kept, lost, elsewhere].map(({ secret }) => tokenActor(secret)));
  expect(answers.map((found) => found !== null)).toEqual([true, false, true]);
  // the request began before: who is narrowed meanwhile makes nothing more
  await expect(make(project.id, "late")).rejects.toMatchObject(forbidden);
  expect((await listTokens(systemActor, project.id)).map(({ name }) => name)).not.toContain("late");
});

test("nobody is widened, an admin is kept from nothing, and who becomes one is narrowed nowhere", async () => {
  const project = await newProject();
  const [{ actor: viewer, cookie }, { actor: admin }] = [await newMember("viewer"), await newMember("admin")];
  await setProjectRole(admin, project.id, viewer.id, "admin");
  expect(can(await now(cookie), "runs.log", project.id)).toBe(false);
  await expect(setProjectRole(viewer, project.id, viewer.id, "viewer")).rejects.toMatchObject(forbidden);
  await expect(setProjectRole(systemActor, project.id, admin.id, "none")).rejects.toMatchObject({ status: 409 });
  await setProjectRole(admin, project.id, viewer.id, "none");
  await changeRole(admin, viewer.id, "admin");
  expect(await getProject(await now(cookie), project.id)).not.toBeNull();
  const listed = await listProjectMembers(admin, project.id);
  expect(listed.find(({ id }) => id === viewer.id)).toMatchObject({ role: "admin", here: "admin" });
});

test("who is narrowed nowhere is asked about in no further question", async () => {
  const project = await newProject();
  const [{ cookie }, { actor, cookie: narrowed }] = [await newMember("member"), await newMember("member")];
  await setProjectRole(systemActor, project.id, actor.id, "viewer");
  const { ownerUrl } = workspace.database();
  await sqlAs(
    ownerUrl,
    "revoke select on project_members from public; alter table project_members rename to elsewhere",
  );
  try {
    expect((await now(cookie)).projectRoles.size).toBe(0);
    await expect(now(narrowed)).rejects.toThrow();
  } finally {
    await sqlAs(ownerUrl, "alter table elsewhere rename to project_members");
  }
  expect((await now(narrowed)).projectRoles.get(project.id)).toBe("viewer");
});

test("a disabled member is out at once, and takes along what a removed one does; enabled they sign in as before", async () => {
  const project = await newProject();
  const { actor: admin } = await newMember("admin");
  const { actor, cookie } = await newMember("admin");
  const { url } = await createInvitation(actor, { email: null, role: "viewer" });
  const { secret } = await createToken(actor, project.id, { name: "node", scope: "admin" });
  await disableMember(admin, actor.id);
  expect(await memberFromHeaders(new Headers({ cookie }))).toBeNull();
  expect(await tokenActor(secret)).toBeNull();
  expect(await readLink(new URL(url).hash.slice(1))).toBeNull();
  const enter = (password: string) => signIn({ email: actor.email, password }, new Headers());
  await expect(enter(PASSWORD)).rejects.toMatchObject({ status: 403, detail: expect.stringContaining("disabled") });
  await expect(enter("not the right one")).rejects.toMatchObject({ status: 401 });
  await expect(createSignInLink(actor.email)).rejects.toMatchObject({ status: 409 });
  const statusOf = async () => (await listMembers(admin)).find(({ id }) => id === actor.id)?.disabledAt;
  expect(await statusOf()).not.toBeNull();
  await enableMember(admin, actor.id);
  expect(await statusOf()).toBeNull();
  const { setCookies } = await enter(PASSWORD);
  expect((await now(setCookies.map((line) => line.split(";", 1)[0]).join("; "))).role).toBe("admin");
  expect(await tokenActor(secret)).toBeNull();
});

test("a session that began while its member was being disabled is none", async () => {
  const { actor, cookie } = await newMember("member");
  await connections().sql`update users set disabled_at = now() where id = ${actor.id}`;
  expect(await memberFromHeaders(new Headers({ cookie }))).toBeNull();
});

test("the last admin who can sign in is neither disabled, demoted nor, by two at the same time, both", async () => {
  const { actor: first } = await newMember("admin");
  const { actor: second } = await newMember("admin");
  for (const { id, role } of await listMembers(systemActor))
    if (role === "admin" && ![first.id, second.id].includes(id)) await disableMember(systemActor, id);
  const both = await Promise.allSettled([disableMember(first, second.id), disableMember(second, first.id)]);
  expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const [last] = (await listMembers(systemActor)).filter(({ role, disabledAt }) => role === "admin" && !disabledAt);
  for (const act of [() => disableMember(systemActor, last!.id), () => changeRole(systemActor, last!.id, "member")])
    await expect(act()).rejects.toMatchObject({ status: 409 });
});
