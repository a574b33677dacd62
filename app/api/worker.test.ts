/** The trainer's worker, started as people start it, against the API and a real database. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { jobPrograms } from "@/lib/job-programs.ts";
import { runJobsUntil } from "@/lib/jobs/jobs.ts";
import { updateTrial } from "@/lib/queue/act.ts";
import { queueTrial } from "@/lib/queue/new-trial.ts";
import { listTrials, requireTrial } from "@/lib/queue/trials.ts";
import { listWorkers, updateWorker } from "@/lib/queue/workers.ts";
import { requireRun } from "@/lib/runs/runs.ts";
import { newProject, newToken, prepareWorkspace } from "@/lib/test-workspace.ts";
import type { Project } from "@/lib/wire/projects.ts";
import type { Trial } from "@/lib/wire/studies/trials.ts";
import { serveApi } from "./test-serve.ts";

prepareWorkspace();

const folder = mkdtempSync(path.join(tmpdir(), "holdout-worker-"));
let [project, token] = [{} as Project, ""];
let api: Awaited<ReturnType<typeof serveApi>>;
const started: ChildProcess[] = [];

const jobs = new AbortController();
beforeAll(async () => {
  void runJobsUntil(jobs.signal, jobPrograms);
  api = await serveApi();
  project = await newProject();
  token = (await newToken(project, "ingest")).secret;
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});
afterAll(async () => {
  jobs.abort();
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

type Program = { child: ChildProcess; said: () => string; ended: Promise<number | null> };

function trainer(...args: string[]): Program {
  // the sources as they were built for this test run
  const program = process.env.HOLDOUT_TEST_TRAINER ?? path.resolve(import.meta.dirname, "../../trainer/bin.mjs");
  const env = { ...process.env, HOLDOUT_URL: api.url, HOLDOUT_TOKEN: token };
  const child = spawn(process.execPath, [program, ...args, "--no-code"], { cwd: folder, env });
  started.push(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (some) => (said += some));
  return { child, said: () => said, ended: new Promise((resolve) => child.once("close", resolve)) };
}

const patient = { timeout: 90_000, interval: 200 };
const work = (...args: string[]) => trainer("work", "--data", "curve", "--backend", "wasm", ...args);
const statusOf = async ({ id }: Pick<Trial, "id">) => (await requireTrial(systemActor, id)).status;

const queue = (manifest: string, name: string, config: object) =>
  queueTrial(systemActor, { project: project.id, name, manifest, config });
const namedWorker = async (wanted: string) =>
  (await listWorkers(systemActor, project.id)).find(({ name }) => name === wanted)!;
const attemptsOf = async ({ run }: Trial) => (await requireRun(systemActor, run!.id)).attempts;

test("what the command line queues is trained; what the trainer refuses fails with words; stops and ends are heeded", async () => {
  const program = trainer("queue", "--data", "curve", "--name", "a curve", "--epochs", "2", "--seed", "5");
  expect(await program.ended, program.said()).toBe(0);
  const queued = (await listTrials(systemActor, project.id, {})).trials[0]!;
  const manifest = (await requireRun(systemActor, queued.run!.id)).manifest!;
  const refused = await queue(manifest, "refused", { family: "mlp", optimizer: { name: "adam", rate: 1 } });
  const first = work("--name", "first", "--parallel", "2", "--labels", "cpu,small", "--memory", "4");
  await expect.poll(() => Promise.all([queued, refused].map(statusOf)), patient).toEqual(["finished", "failed"]);
  expect(await requireRun(systemActor, queued.run!.id)).toMatchObject({
    status: "finished",
    attempts: 1,
    seed: 5,
    environment: { data: "curve" },
  });
  const { failure } = await requireRun(systemActor, refused.run!.id);
  expect(failure?.message).toMatch(/optimizer.*rate/);

  const long = await queue(manifest, "long", { family: "mlp", epochs: 10_000 });
  const stopped = await queue(manifest, "stopped", { family: "mlp", epochs: 10_000 });
  await expect.poll(() => Promise.all([long, stopped].map(attemptsOf)), patient).toEqual([1, 1]);
  await updateTrial(systemActor, stopped.id, { act: "stop" });
  await expect.poll(() => statusOf(stopped), patient).toBe("stopped");
  expect(await requireRun(systemActor, stopped.run!.id)).toMatchObject({ status: "killed" });
  await expect.poll(first.said, patient).toMatch(/long: begins[\s\S]*epoch 2\/10000/);
  first.child.kill("SIGTERM");
  expect(await first.ended, first.said()).toBe(0);
  expect(await requireTrial(systemActor, long.id)).toMatchObject({ status: "queued", isHeld: false });
}, 300_000);

// four more starts of the trainer
const isSlow = process.env.HOLDOUT_TEST_SLOW === "1";
test.skipIf(!isSlow)(
  "what a worker hands back goes on elsewhere; one is drained from the page, one is killed",
  async () => {
    const { trials } = await listTrials(systemActor, project.id, { status: ["queued"] });
    const long = trials.find(({ run }) => run?.name === "long")!;
    const other = work("--name", "other");
    await expect.poll(other.said, patient).toMatch(/Going on from the checkpoint at step \d+/);
    await expect.poll(() => attemptsOf(long), patient).toBe(2);
    // drained from the page it ends what it has; here that is paused
    await updateWorker(systemActor, (await namedWorker("other")).id, { isDraining: true });
    await updateTrial(systemActor, long.id, { act: "pause" });
    expect(await other.ended, other.said()).toBe(0);
    expect(await requireTrial(systemActor, long.id)).toMatchObject({ status: "queued", isHeld: true });

    // a worker that is killed takes its training with it: the pipes close once nobody holds them any more
    await updateTrial(systemActor, long.id, { act: "go" });
    const killed = work("--name", "killed");
    await expect.poll(() => attemptsOf(long), patient).toBe(3);
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(await statusOf(long)).toBe("running");
  },
  400_000,
);
