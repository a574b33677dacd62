import { eq, sql } from "drizzle-orm";
import { v4 as uuidv4, v7 as uuidv7 } from "uuid";
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { workspace } from "../../db/schema/projects.ts";
import { runs } from "../../db/schema/runs.ts";
import { systemActor } from "../access/actor.ts";
import { listAudit } from "../access/audit.ts";
import { appendBatch } from "../metrics/append.ts";
import { batchOf, newProject, newRun, newToken, prepareWorkspace, TEST_ORIGIN } from "../test-workspace.ts";
import { deleteRun, listDeletedRuns, purgeRun, restoreRun } from "./deleted.ts";
import { createRun, getRun, listRuns, updateRun } from "./runs.ts";
import { finishRun, heartbeat, markLostRuns } from "./status.ts";
import { createWriter } from "./writers.ts";

prepareWorkspace();

const ago = (seconds: number) => sql`now() - make_interval(secs => ${seconds})`;
const silence = (runId: string, seconds: number) =>
  connections()
    .db.update(runs)
    .set({ heartbeatAt: ago(seconds) })
    .where(eq(runs.id, runId));
const serverUpFor = (seconds: number, aliveAgo: number) =>
  connections()
    .db.update(workspace)
    .set({ upSince: ago(seconds), aliveAt: ago(aliveAgo) })
    .where(eq(workspace.id, 1));
const statusOf = async (runId: string) => (await getRun(systemActor, runId))?.status;

test("a run created twice with the same id and content is one run", async () => {
  const project = await newProject();
  const input = { project: project.id, id: uuidv7(), name: "once", config: { a: 1 } };
  const first = await createRun(systemActor, input);
  expect(await createRun(systemActor, input)).toEqual(first);
  await expect(createRun(systemActor, { ...input, config: { a: 2 } })).rejects.toMatchObject({ status: 409 });
});

test("a run says its page's address, escaped where its project's name is of another script", async () => {
  const project = await newProject("信号 100%");
  const { id } = await createRun(systemActor, { project: project.id, config: {} });
  const url = (await getRun(systemActor, id))?.url;
  expect(project.slug).toBe("信号-100");
  expect(url).toBe(`${TEST_ORIGIN}/projects/%E4%BF%A1%E5%8F%B7-100/runs/${id}`);
});

test("a run that ran elsewhere keeps the times it ran at; an end before its start is refused by name", async () => {
  const { run } = await newRun(await newProject());
  const ran = { startedAt: "2024-03-01T09:00:00.000Z", endedAt: "2024-03-01T10:30:00.000Z" };
  const turned = { startedAt: ran.endedAt, endedAt: ran.startedAt };
  await expect(finishRun(systemActor, run.id, { status: "finished", ran: turned })).rejects.toMatchObject({
    status: 400,
    errors: [{ field: "ran.endedAt" }],
  });
  expect(await finishRun(systemActor, run.id, { status: "finished", ran })).toMatchObject(ran);
  // what came first is what happened
  expect(await finishRun(systemActor, run.id, { status: "finished" })).toMatchObject(ran);
});

test("a run's id that another project uses is a conflict, and tells nothing of it", async () => {
  const [mine, other] = [await newProject(), await newProject()];
  const { run } = await newRun(other);
  const { actor } = await newToken(mine, "ingest");
  await expect(createRun(actor, { id: run.id })).rejects.toMatchObject({ status: 409 });
  expect(await getRun(actor, run.id)).toBeNull();
});

test("a run that cites a manifest of nowhere is refused by the field's name", async () => {
  const project = await newProject();
  const citing = createRun(systemActor, { project: project.id, manifest: "0".repeat(64) });
  await expect(citing).rejects.toMatchObject({ status: 400, errors: [{ field: "manifest" }] });
});

test("a run silent for over a minute is lost, and comes back with a heartbeat", async () => {
  const { run, writer } = await newRun(await newProject());
  await serverUpFor(600, 5);
  await silence(run.id, 59);
  expect(await markLostRuns()).not.toContain(run.id);
  await silence(run.id, 61);
  expect(await markLostRuns()).toContain(run.id);
  expect(await statusOf(run.id)).toBe("lost");
  expect(await heartbeat(systemActor, run.id, { writer })).toEqual({ status: "running" });
  expect(await statusOf(run.id)).toBe("running");
});

test("a lost run comes back with a batch", async () => {
  const { run, writer } = await newRun(await newProject());
  await serverUpFor(600, 5);
  await silence(run.id, 61);
  await markLostRuns();
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [0], { loss: [1] }));
  expect(await statusOf(run.id)).toBe("running");
});

test("silence while the server was down is not counted", async () => {
  const { run } = await newRun(await newProject());
  await silence(run.id, 3600);
  await serverUpFor(7200, 1800);
  expect(await markLostRuns()).not.toContain(run.id);
  await serverUpFor(61, 1);
  expect(await markLostRuns()).toContain(run.id);
});

test("the same ending again changes nothing; another one is refused", async () => {
  const { run } = await newRun(await newProject());
  const failure = { reason: "diverged", message: "loss is NaN at step 120", stack: "", signal: null };
  const ended = await finishRun(systemActor, run.id, { status: "failed", failure });
  expect(ended).toMatchObject({ status: "failed", failure });
  expect((await finishRun(systemActor, run.id, { status: "failed", failure })).endedAt).toBe(ended.endedAt);
  await expect(finishRun(systemActor, run.id, { status: "finished" })).rejects.toMatchObject({ status: 409 });
});

test("an ended run is reopened by a resume that says so, and that is audited", async () => {
  const { run } = await newRun(await newProject());
  await finishRun(systemActor, run.id, { status: "killed" });
  const resume = { writer: uuidv4(), mode: "resume", resumeStep: 400 };
  await expect(createWriter(systemActor, run.id, resume)).rejects.toMatchObject({ status: 409 });
  const writer = await createWriter(systemActor, run.id, { ...resume, reopen: true });
  expect(writer).toMatchObject({ number: 2, attempt: 2 });
  expect(await getRun(systemActor, run.id)).toMatchObject({ status: "running", endedAt: null, attempts: 2 });
  const { rows } = await listAudit(systemActor);
  expect(rows.find((row) => row.subject === `run:${run.id}` && row.action === "run.reopen")).toBeDefined();
});

test("a writer that registers twice is one writer, and learns what is stored", async () => {
  const { run, writer } = await newRun(await newProject());
  await appendBatch(systemActor, run.id, batchOf(writer, 3, "train", [0], { loss: [1] }));
  expect(await createWriter(systemActor, run.id, { writer })).toMatchObject({ number: 1, sequenceStored: 3 });
  const joined = await createWriter(systemActor, run.id, { writer: uuidv4(), mode: "join" });
  expect(joined).toMatchObject({ number: 2, attempt: 1 });
});

test("points that writers lost are summed, and only grow", async () => {
  const { run, writer } = await newRun(await newProject());
  const second = uuidv4();
  await createWriter(systemActor, run.id, { writer: second, mode: "join" });
  await heartbeat(systemActor, run.id, { writer, pointsLost: 5 });
  await heartbeat(systemActor, run.id, { writer, pointsLost: 3 });
  await finishRun(systemActor, run.id, { writer: second, status: "finished", pointsLost: 2 });
  expect((await getRun(systemActor, run.id))?.pointsLost).toBe(7);
});

test("a deleted run takes no points, can be had back, and purged leaves a tombstone", async () => {
  const project = await newProject();
  const { run, writer } = await newRun(project);
  const batch = batchOf(writer, 1, "train", [0], { loss: [1] });
  await deleteRun(systemActor, run.id);
  await expect(appendBatch(systemActor, run.id, batch)).rejects.toMatchObject({ status: 410 });
  expect((await listRuns(systemActor, { project: project.id })).runs).toEqual([]);
  await restoreRun(systemActor, run.id);
  await appendBatch(systemActor, run.id, batch);
  await expect(purgeRun(systemActor, run.id)).rejects.toMatchObject({ status: 409 });
  await deleteRun(systemActor, run.id);
  expect(await listDeletedRuns(systemActor, project.id)).toHaveLength(1);
  await purgeRun(systemActor, run.id);
  expect(await getRun(systemActor, run.id)).toBeNull();
  const stones = await connections().db.query.tombstones.findMany();
  expect(stones).toContainEqual(expect.objectContaining({ id: run.id, kind: "run", name: run.name }));
});

test("a run whose test numbers were seen can't be purged by itself", async () => {
  const { run, writer } = await newRun(await newProject());
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "test", [0], { accuracy: [1] }));
  await deleteRun(systemActor, run.id);
  await expect(purgeRun(systemActor, run.id)).rejects.toMatchObject({ status: 409 });
});

test("runs are listed newest first, page by page, each once", async () => {
  const project = await newProject();
  for (let index = 0; index < 5; index++) await newRun(project, { name: `run ${index}` });
  const first = await listRuns(systemActor, { project: project.slug, limit: 3 });
  const second = await listRuns(systemActor, { project: project.slug, limit: 3, before: first.next });
  expect([...first.runs, ...second.runs].map((run) => run.name)).toEqual(["run 4", "run 3", "run 2", "run 1", "run 0"]);
  expect(second.next).toBeNull();
});

test("name and notes can be changed; an empty name is refused", async () => {
  const { run } = await newRun(await newProject());
  expect(await updateRun(systemActor, run.id, { name: "better", notes: "# why" })).toMatchObject({ name: "better" });
  await expect(updateRun(systemActor, run.id, { name: "" })).rejects.toMatchObject({ errors: [{ field: "name" }] });
});
