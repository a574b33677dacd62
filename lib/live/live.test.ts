import { afterEach, expect, test, vi } from "vitest";
import { connect } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { createRun, updateRun } from "../runs/runs.ts";
import { newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import type { Notice } from "../wire/notice.ts";
import { NOTICE_CHANNEL, noticeRun } from "./notices.ts";
import { subscribe } from "./subscribe.ts";

const workspace = prepareWorkspace();
const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function listen(): Promise<Notice[]> {
  const notices: Notice[] = [];
  ends.push(await subscribe((notice) => void notices.push(notice)));
  return notices;
}

test("who listens hears of a run that changed, with its project", async () => {
  const project = await newProject();
  const notices = await listen();
  const { run } = await newRun(project);
  await expect.poll(() => notices).toContainEqual({ kind: "run", run: run.id, project: project.id });
});

test("who listens hears of a run that was made, and of one that was renamed", async () => {
  const project = await newProject();
  const notices = await listen();
  const { id } = await createRun(systemActor, { project: project.id, name: "first", status: "queued" });
  const ofRun = () => notices.filter((notice) => notice.kind === "run" && notice.run === id).length;
  await expect.poll(ofRun).toBe(1);
  await updateRun(systemActor, id, { name: "second" });
  await expect.poll(ofRun).toBe(2);
});

test("a thousand changes of a run within a tenth of a second are two notices, the last not lost", async () => {
  const { run } = await newRun(await newProject());
  const heard: number[] = [];
  const other = connect(workspace.database().appUrl, { max: 1 });
  ends.push(() => other.end());
  await other.listen(NOTICE_CHANNEL, (payload) => void (payload === run.id && heard.push(performance.now())));
  const before = heard.length;
  const startedAt = performance.now();
  for (let change = 0; change < 1000; change++) noticeRun(run.id);
  await expect.poll(() => heard.length, { interval: 20 }).toBeGreaterThan(before);
  await expect.poll(() => performance.now() - startedAt, { interval: 50 }).toBeGreaterThan(400);
  expect(heard.length - before).toBeLessThanOrEqual(2);
  expect(heard.at(-1)! - startedAt).toBeLessThan(400);
});

test("who listened through a cut connection is told to read anew, and hears again", async () => {
  const notices = await listen();
  const { run } = await newRun(await newProject());
  await expect.poll(() => notices.length).toBeGreaterThan(0);
  const other = connect(workspace.database().appUrl, { max: 1 });
  ends.push(() => other.end());
  notices.length = 0;
  const cut = await other`select pg_terminate_backend(pid) from pg_stat_activity
    where pid <> pg_backend_pid() and datname = current_database() and query ilike 'listen%'`;
  expect(cut).toHaveLength(1);
  await expect.poll(() => notices, { timeout: 10_000 }).toContainEqual({ kind: "resync" });
  noticeRun(run.id);
  await expect.poll(() => notices.some((notice) => notice.kind === "run" && notice.run === run.id)).toBe(true);
});

test("what is no run's id is ignored and said, and a listener that throws keeps nobody from hearing", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  ends.push(() => said.mockRestore());
  ends.push(
    await subscribe(() => {
      throw new Error("this listener is broken");
    }),
  );
  const notices = await listen();
  const { run } = await newRun(await newProject());
  await expect.poll(() => notices.length).toBeGreaterThan(0);
  notices.length = 0;
  const other = connect(workspace.database().appUrl, { max: 1 });
  ends.push(() => other.end());
  await other.notify(NOTICE_CHANNEL, "'; no id");
  await other.notify(NOTICE_CHANNEL, run.id);
  // a notice of the run's making may come late: what is said tells that both were heard
  const sentences = () => said.mock.calls.map(([sentence]) => String(sentence));
  const ignored = `holdout: a notice is ignored: expected a run's id, received "'; no id"`;
  await expect.poll(sentences).toContain(ignored);
  await expect.poll(sentences).toContain("holdout: a notice could not be passed on:");
  await expect.poll(() => notices.length).toBeGreaterThan(0);
  expect(notices.map(({ kind }) => kind)).not.toContain("resync");
});
