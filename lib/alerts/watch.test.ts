import { beforeAll, beforeEach, expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { type MemberActor, systemActor } from "../access/actor.ts";
import { listNotifications } from "../inbox/notifications.ts";
import { appendBatch } from "../metrics/append.ts";
import { keepUp } from "../metrics/upkeep.ts";
import { finishRun, heartbeat, markLostRuns } from "../runs/status.ts";
import { batchOf, newMember, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { allowHost } from "../webhooks/hosts.ts";
import { createWebhook } from "../webhooks/webhooks.ts";
import type { Project } from "../wire/projects.ts";
import { createRule, listRules, removeRule } from "./rules.ts";
import { watchRules } from "./watch.ts";

prepareWorkspace();

let ada: MemberActor;
let project: Project;
const start = new Date(0);

beforeAll(async () => {
  ada = (await newMember("admin")).actor;
});
beforeEach(async () => {
  project = await newProject();
});

const rule = (input: object) => createRule(ada, project.id, input);
const past = (side: "above" | "below", threshold: number, metric = "loss", split: string | null = "train") =>
  rule({ event: "metric", metric: { split, metric, side, threshold } });
/** What was told of the project, the first first. */
const told = async () =>
  (await listNotifications(ada))
    .filter((one) => one.project.id === project.id)
    .map(({ kind, rule, run }) => [kind, rule?.event, run?.name])
    .reverse();
const end = (run: string, reason?: "diverged" | "crashed") =>
  finishRun(systemActor, run, reason ? { status: "failed", failure: { reason, message: "" } } : { status: "finished" });

test("each end is told once to whose rules ask for it, by however many watch at once, and after a restart", async () => {
  const { run: before } = await newRun(project, { name: "before" });
  await end(before.id);
  for (const event of ["finished", "failed", "diverged"]) await rule({ event });
  const runs = await Promise.all(["a", "b", "c"].map((name) => newRun(project, { name })));
  await end(runs[0]!.run.id);
  await end(runs[1]!.run.id, "diverged");
  await end(runs[2]!.run.id, "crashed");
  const counts = await Promise.all([watchRules(start), watchRules(start), watchRules(start)]);
  expect(counts.reduce((sum, one) => sum + one)).toBe(4);
  expect(await watchRules(start)).toBe(0);
  expect((await told()).sort()).toEqual([
    ["rule", "diverged", "b"],
    ["rule", "failed", "b"],
    ["rule", "failed", "c"],
    ["rule", "finished", "a"],
  ]);
});

test("a run that falls silent twice is told twice", async () => {
  await rule({ event: "silent" });
  const { run, writer } = await newRun(project, { name: "quiet" });
  const fallSilent = async () => {
    await connections().sql`update runs set heartbeat_at = now() - interval '2 hours' where id = ${run.id}`;
    await connections().sql`update workspace set up_since = now() - interval '1 hour', alive_at = now()`;
    await markLostRuns();
  };
  await fallSilent();
  await watchRules(start);
  await heartbeat(systemActor, run.id, { writer });
  await fallSilent();
  await watchRules(start);
  expect(await told()).toEqual([
    ["rule", "silent", "quiet"],
    ["rule", "silent", "quiet"],
  ]);
});

test("a metric past its threshold is told once a run, of ordinary series alone", async () => {
  await past("above", 10);
  await past("below", 0.5, "accuracy", "validation");
  const { run, writer } = await newRun(project, { name: "high" });
  const { run: low, writer: other } = await newRun(project, { name: "low" });
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [0, 1, 2], { loss: [1, 11, Number.NaN] }));
  await appendBatch(systemActor, run.id, batchOf(writer, 2, "validation", [0], { accuracy: [0.9] }));
  await appendBatch(systemActor, low.id, batchOf(other, 1, "train", [0], { loss: [10] }));
  await appendBatch(systemActor, low.id, batchOf(other, 2, "test", [0], { loss: [99], accuracy: [0.1] }));
  await keepUp(new Map());
  expect(await watchRules(start)).toBe(1);
  await appendBatch(systemActor, run.id, batchOf(writer, 3, "train", [3], { loss: [100] }));
  await keepUp(new Map());
  expect(await watchRules(start)).toBe(0);
  expect(await told()).toEqual([["rule", "metric", "high"]]);
  for (const [metric, split] of [
    ["test_accuracy", null],
    ["loss", "test"],
  ] as const)
    await expect(past("above", 1, metric, split)).rejects.toThrow(/^metric\.(metric|split): .*test/);
});

test("webhooks are told where a rule says so, without a value; a removed rule tells nothing", async () => {
  await allowHost(ada, { host: "127.0.0.1", allowsPrivate: true });
  await createWebhook(ada, project.id, { url: "http://127.0.0.1:9/hook" });
  await rule({
    event: "metric",
    metric: { split: "train", metric: "loss", side: "above", threshold: 10 },
    sendsWebhooks: true,
  });
  const quiet = await rule({ event: "finished", sendsWebhooks: true });
  await removeRule(ada, project.id, quiet.id);
  const { run, writer } = await newRun(project, { name: "high" });
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [0], { loss: [123.456] }));
  await end(run.id);
  await keepUp(new Map());
  await watchRules(start);
  const bodies = await connections().sql<{ body: string }[]>`
    select d.body from webhook_deliveries d join webhooks w on w.id = d.webhook_id where w.project_id = ${project.id}`;
  expect(bodies).toHaveLength(1);
  expect(JSON.parse(bodies[0]!.body)).toMatchObject({ event: "run.rule", run: { name: "high" } });
  expect(bodies[0]!.body).not.toContain("123.456");
  expect(await listRules(ada, project.id)).toHaveLength(1);
  const { actor: ben } = await newMember("member");
  expect(await listRules(ben, project.id)).toEqual([]);
});
