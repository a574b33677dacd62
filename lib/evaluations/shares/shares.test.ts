/** Links to a report: who may make them, what they open, and until when. */
import { beforeAll, expect, test } from "vitest";
import { connections } from "../../../db/connection.ts";
import { reportShares } from "../../../db/schema/evaluations.ts";
import type { Actor } from "../../access/actor.ts";
import { removeMember } from "../../access/members.ts";
import { updateProject } from "../../settings/project-settings.ts";
import { newMember, newProject, newToken, prepareWorkspace, sqlAs } from "../../test-workspace.ts";
import type { Project } from "../../wire/projects.ts";
import { evaluate, newCheckpointRun, newEvaluated, newManifestOf } from "../test-evaluation.ts";
import { createShare, listShares, openShare, revokeShare } from "./shares.ts";

const workspace = prepareWorkspace();
const world = {} as { project: Project; run: string; evaluation: string; admin: Actor; member: Actor };
beforeAll(async () => {
  const project = await newProject();
  const { actor: admin } = await newMember("admin");
  const { actor: member } = await newMember("member");
  Object.assign(world, { project, admin, member, ...(await newEvaluated(project)) });
});

const share = (actor: Actor, input: object = {}) => createShare(actor, world.run, world.evaluation, input);
const secretOf = ({ url }: { url: string }) => new URL(url).pathname.split("/").at(-1)!;
const open = (made: { url: string }) => openShare(secretOf(made));

test("links are made where an admin allowed them, by members, and for so many days", async () => {
  const { project, admin, member } = world;
  await expect(share(member)).rejects.toMatchObject({ kind: "conflict", detail: expect.stringContaining("an admin") });
  await expect(updateProject(member, project.id, { sharesReports: true })).rejects.toMatchObject({ kind: "forbidden" });
  await updateProject(admin, project.id, { sharesReports: true });
  const { actor: viewer } = await newMember("viewer");
  const { actor: token } = await newToken(project, "admin");
  for (const actor of [viewer, token]) await expect(share(actor)).rejects.toMatchObject({ kind: "forbidden" });
  for (const days of [0, 91, 1.5]) await expect(share(member, { days })).rejects.toThrow("days");
  const made = await share(member, { days: 3 });
  // 256 bits, of which the database has the hash alone
  expect(Buffer.from(secretOf(made), "base64url")).toHaveLength(32);
  const [row] = await connections().db.select().from(reportShares);
  expect(JSON.stringify(row)).not.toContain(secretOf(made));
  expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBeCloseTo(3 * 86_400_000, -4);
});

test("a link opens its report and counts it; revoked, expired or forbidden it opens nothing", async () => {
  const { project, admin, member, run, evaluation } = world;
  const made = await share(member);
  expect(await open(made)).toMatchObject({ runId: run, evaluationId: evaluation, createdBy: member.name });
  await open(made);
  expect((await listShares(admin, run, evaluation))[0]).toMatchObject({ id: made.id, openings: 2 });
  expect(await openShare("a guess")).toBeNull();
  await updateProject(admin, project.id, { sharesReports: false });
  expect(await open(made)).toBeNull();
  await updateProject(admin, project.id, { sharesReports: true });
  expect(await open(made)).not.toBeNull();
  const first = await revokeShare(admin, run, evaluation, made.id);
  expect(await revokeShare(admin, run, evaluation, made.id)).toEqual(first);
  expect(await open(made)).toBeNull();
  const late = await share(member);
  await sqlAs(workspace.database().appUrl, "update report_shares set expires_at = now() where revoked_at is null");
  expect(await open(late)).toBeNull();
});

test("a link ends with its maker", async () => {
  const { actor: leaver } = await newMember("member");
  const made = await share(leaver);
  expect(await open(made)).not.toBeNull();
  await removeMember(world.admin, leaver.id);
  expect(await open(made)).toBeNull();
});

test.each(["ladder", "one-bit"] as const)(
  "in mode %s a test report isn't shared, and a validation report is",
  async (mode) => {
    const project = await newProject();
    await updateProject(world.admin, project.id, { testMode: mode, sharesReports: true });
    const keys = ["t0", "t1"];
    const manifest = await newManifestOf(project, [
      ...keys.map((key) => ({ key, split: "test" as const, label: "dog" })),
      { key: "v", split: "validation", label: "dog" },
    ]);
    const { run } = await newCheckpointRun(project, manifest);
    const input = { task: "classification", form: "class", classes: ["cat", "dog"] } as const;
    const classes = [...input.classes];
    const onTest = await evaluate(run, {
      input: { ...input, classes, split: "test", purpose: "final", reason: "settled" },
      batch: { sequence: 1, keys, classes: ["dog", "cat"] },
    });
    await expect(createShare(world.member, run, onTest.id, {})).rejects.toMatchObject({
      kind: "conflict",
      detail: expect.stringContaining(`mode ${mode}`),
    });
    const onValidation = await evaluate(run, {
      input: { ...input, classes, split: "validation" },
      batch: { sequence: 1, keys: ["v"], classes: ["dog"] },
    });
    expect(await open(await createShare(world.member, run, onValidation.id, {}))).toMatchObject({ runId: run });
  },
);
