import { and, eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { audit } from "../../db/schema/final.ts";
import { tokens } from "../../db/schema/projects.ts";
import type { MemberActor, TokenActor } from "../access/actor.ts";
import { can, type Permission, permissions } from "../access/permissions.ts";
import { listTokens, tokenActor } from "../access/tokens.ts";
import { newMember, newProject, prepareWorkspace } from "../test-workspace.ts";
import type { Project } from "../wire/projects.ts";
import { browserDefaults } from "./browser-settings.ts";
import { getRun } from "./runs.ts";
import { startInBrowser } from "./start-in-browser.ts";
import { finishRun } from "./status.ts";
import { createWriter } from "./writers.ts";

prepareWorkspace();
let project: Project;
let member: MemberActor;

beforeAll(async () => {
  project = await newProject();
  member = (await newMember("member")).actor;
});

/** A run in the browser, with its token as the server would meet it. */
async function start(): Promise<{ run: string; secret: string; actor: TokenActor }> {
  const { id, secret } = await startInBrowser(member, project.id, browserDefaults);
  return { run: id, secret, actor: (await tokenActor(secret))! };
}

test("the run is the member's, and says what it was told", async () => {
  const { run } = await start();
  const found = await getRun(member, run);
  expect(found).toMatchObject({ createdBy: member.name, status: "running", seed: 1, manifest: null });
  expect(found!.config).toMatchObject({ optimizer: { name: "adam", learningRate: 0.01 }, units: [32, 32] });
});

test("its token logs points, and has no other permission", async () => {
  const { actor } = await start();
  const granted = (Object.keys(permissions) as Permission[]).filter((one) => can(actor, one, project.id));
  expect(granted).toEqual(["points.log"]);
});

test("its token neither opens another run, nor opens its own again, nor declares a metric", async () => {
  const [one, other] = [await start(), await start()];
  const writer = crypto.randomUUID();
  await expect(createWriter(one.actor, other.run, { writer })).rejects.toMatchObject({ kind: "not-found" });
  const declares = { writer, metrics: [{ name: "f1", direction: "max" }] };
  await expect(createWriter(one.actor, one.run, declares)).rejects.toMatchObject({ kind: "forbidden" });
  await createWriter(one.actor, one.run, { writer });
  await finishRun(one.actor, one.run, { status: "finished", writer });
  const again = { writer: crypto.randomUUID(), mode: "resume", reopen: true };
  await expect(createWriter(one.actor, one.run, again)).rejects.toMatchObject({ kind: "forbidden" });
});

test("its token ends with the run, and after an hour; both acts are in the audit, and no list shows it", async () => {
  const [ended, old] = [await start(), await start()];
  const { db } = connections();
  const [token] = await db.select().from(tokens).where(eq(tokens.runId, ended.run));
  expect(token!.expiresAt!.getTime() - token!.createdAt.getTime()).toBe(3_600_000);
  await finishRun(ended.actor, ended.run, { status: "killed" });
  const [after] = await db.select().from(tokens).where(eq(tokens.runId, ended.run));
  expect(after!.revokedAt).not.toBeNull();
  const acts = await db
    .select({ action: audit.action })
    .from(audit)
    .where(eq(audit.subject, `token:${token!.id}`));
  expect(acts.map(({ action }) => action)).toEqual(["token.create", "token.revoke"]);
  expect(await listTokens(member, project.id)).toEqual([]);
  const { secret } = await startInBrowser(member, project.id, browserDefaults);
  const unread = and(eq(tokens.projectId, project.id), eq(tokens.scope, "run"));
  await db
    .update(tokens)
    .set({ expiresAt: new Date(Date.now() - 1000) })
    .where(unread);
  expect(await tokenActor(secret)).toBeNull();
  expect(old.actor.runId).toBe(old.run);
});

test.each([
  ["learningRate", "0"],
  ["hiddenUnits", "many"],
  ["epochs", "1e9"],
  ["optimizer", "luck"],
  ["seed", "-1"],
])("%s of %s is refused by name, and nothing is made", async (field, value) => {
  const wrong = startInBrowser(member, project.id, { ...browserDefaults, [field]: value });
  await expect(wrong).rejects.toMatchObject({ kind: "invalid", errors: [{ field }] });
});

test("a viewer starts nothing", async () => {
  const { actor } = await newMember("viewer");
  await expect(startInBrowser(actor, project.id, browserDefaults)).rejects.toMatchObject({ kind: "forbidden" });
});
