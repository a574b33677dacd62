import { v4 as uuidv4 } from "uuid";
import { beforeAll, expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { listAudit } from "../access/audit.ts";
import { deleteRun } from "../runs/deleted.ts";
import { requireRun } from "../runs/runs.ts";
import { createWriter } from "../runs/writers.ts";
import { claimNext } from "../studies/claim.ts";
import { newMember, newProject, newToken, prepareWorkspace } from "../test-workspace.ts";
import type { Project } from "../wire/projects.ts";
import type { ClaimedTrial } from "../wire/studies/trials.ts";
import { updateTrial } from "./act.ts";
import { endRunAndTrial } from "./end-trial.ts";
import { endLapsed, renewLease, tellTrial } from "./lease.ts";
import { queueTrial } from "./new-trial.ts";
import { listTrials, readQueue, requireTrial } from "./trials.ts";
import { listWorkers, registerWorker, updateWorker } from "./workers.ts";

prepareWorkspace();

/** The server counts as up for long: a lease lapses while somebody could have renewed it. */
const beUp = async () =>
  void (await connections()
    .sql`update workspace set up_since = now() - interval '1 hour', alive_at = now() where id = 1`);
beforeAll(beUp);

const queue = (project: Project, input: object = {}) =>
  queueTrial(systemActor, { project: project.id, config: { family: "mlp" }, ...input });
const newWorker = (project: Project, input: object = {}) =>
  registerWorker(systemActor, { project: project.id, name: "w", ...input });
const claim = async (worker: { id: string }): Promise<ClaimedTrial> => {
  const { trial } = await claimNext(systemActor, { worker: worker.id });
  if (!trial) throw new Error("nothing waits that this worker fits");
  return trial;
};
const claimed = async (worker: { id: string }) => (await claimNext(systemActor, { worker: worker.id })).trial;
const tell = ({ trial, lease }: ClaimedTrial, outcome: string, more: object = {}) =>
  tellTrial(systemActor, trial, { lease, outcome, ...more });
async function lapse({ trial }: ClaimedTrial): Promise<void> {
  await beUp();
  await connections().sql`update trials set lease_until = now() - interval '1 second' where id = ${trial}`;
}

test("each of many trials is taken once, however many workers ask at once, the urgent ones first", async () => {
  const project = await newProject();
  for (let made = 0; made < 30; made++) await queue(project, { priority: made % 3 });
  const workers = await Promise.all(Array.from({ length: 8 }, () => newWorker(project)));
  const taken: { trial: string; priority: number }[] = [];
  await Promise.all(
    workers.map(async (worker) => {
      for (let trial = await claimed(worker); trial; trial = await claimed(worker))
        taken.push({ trial: trial.trial, priority: (await requireTrial(systemActor, trial.trial)).priority });
    }),
  );
  expect(taken).toHaveLength(30);
  expect(new Set(taken.map(({ trial }) => trial)).size).toBe(30);
  const { trials } = await listTrials(systemActor, project.id, { status: ["running"] });
  expect(trials.map(({ claims }) => claims)).toEqual(Array(30).fill(1));
  const alone = await newWorker(project);
  const [slow, urgent] = [await queue(project), await queue(project, { priority: 5 })];
  expect([(await claim(alone)).trial, (await claim(alone)).trial]).toEqual([urgent.id, slow.id]);
});

test("a queue is read at one moment: a trial that is claimed meanwhile stands in one of its lists", async () => {
  const project = await newProject();
  const ids: string[] = [];
  for (let made = 0; made < 20; made++) ids.push((await queue(project)).id);
  const worker = await newWorker(project);
  let isOver = false;
  const read = async () => {
    while (!isOver) {
      const { counts, running, waiting, ended } = await readQueue(systemActor, project.id);
      expect([...running, ...waiting, ...ended].map(({ id }) => id).sort()).toEqual(ids);
      expect(counts).toEqual(
        Object.fromEntries(
          Object.entries({ running: running.length, queued: waiting.length }).filter(([, trials]) => trials > 0),
        ),
      );
    }
  };
  const take = async () => {
    while (await claimed(worker));
    isOver = true;
  };
  await Promise.all([take(), read(), read()]);
});

test("a trial is queued with its run or not at all, and goes to a worker that has what it demands", async () => {
  const project = await newProject();
  await expect(queue(project, { manifest: "0".repeat(64) })).rejects.toThrow(/manifest/);
  expect((await listTrials(systemActor, project.id, {})).trials).toEqual([]);
  const made = await queue(project, { labels: ["gpu"], memoryGib: 16, name: "big", seed: 4 });
  expect(made).toMatchObject({ status: "queued", run: { name: "big", status: "queued" }, origin: "hand" });
  const small = await newWorker(project, { labels: ["gpu", "a100"], memoryGib: 8 });
  const bare = await newWorker(project, { memoryGib: 80 });
  expect([await claimed(small), await claimed(bare)]).toEqual([null, null]);
  const fit = await newWorker(project, { labels: ["a100", "gpu"], memoryGib: 24 });
  const elsewhere = await newWorker(await newProject(), { labels: ["gpu"], memoryGib: 24 });
  expect(await claimed(elsewhere)).toBeNull();
  expect(await claim(fit)).toMatchObject({
    trial: made.id,
    run: { config: { family: "mlp" }, seed: 4, isBegun: false },
    study: null,
  });
  expect(await listWorkers(systemActor, project.id)).toEqual(
    expect.arrayContaining([expect.objectContaining({ id: fit.id, trials: [made.id], isAlive: true })]),
  );
  await updateWorker(systemActor, fit.id, { isDraining: true });
  await queue(project);
  expect(await claimNext(systemActor, { worker: fit.id })).toEqual({ trial: null, isDraining: true });
});

test("a trial whose worker died goes on with another, and fails after five that died", async () => {
  const project = await newProject();
  const worker = await newWorker(project);
  await queue(project);
  const first = await claim(worker);
  await createWriter(systemActor, first.run.id, { writer: uuidv4() });
  expect(await claimed(worker)).toBeNull();
  await lapse(first);
  let held = await claim(worker);
  expect(held).toMatchObject({ trial: first.trial, run: { isBegun: true } });
  await expect(renewLease(systemActor, first.trial, { lease: first.lease })).rejects.toThrow(/another claim/);
  await expect(tell(first, "finished")).rejects.toMatchObject({ status: 409 });
  expect(await renewLease(systemActor, held.trial, { lease: held.lease })).toMatchObject({ signal: "none" });
  for (let claims = 3; claims <= 5; claims++) {
    await lapse(held);
    held = await claim(worker);
  }
  await lapse(held);
  expect(await claimed(worker)).toBeNull();
  await endLapsed();
  expect(await requireTrial(systemActor, held.trial)).toMatchObject({ status: "failed", infeasible: "crashed" });
  const { failure } = await requireRun(systemActor, held.run.id);
  expect(failure?.message).toMatch(/5 workers died/);
});

test("no lease lapses while no server was there to renew it", async () => {
  const project = await newProject();
  const worker = await newWorker(project);
  await queue(project);
  const held = await claim(worker);
  await lapse(held);
  const { sql } = connections();
  await sql`update workspace set alive_at = now() - interval '20 seconds' where id = 1`;
  expect(await claimed(worker)).toBeNull();
  await sql`update workspace set alive_at = now(), up_since = now() - interval '5 seconds' where id = 1`;
  expect(await claimed(worker)).toBeNull();
  await sql`update workspace set up_since = now() - interval '1 hour' where id = 1`;
  expect(await claimed(worker)).toMatchObject({ trial: held.trial });
});

test("stop, pause, go on and retry: the worker hears it, and what waits is held or cancelled", async () => {
  const project = await newProject();
  const { actor } = await newMember("member");
  const worker = await newWorker(project);
  const act = (id: string, name: string) => updateTrial(actor, id, { act: name });
  const { id } = await queue(project);
  expect(await act(id, "pause")).toMatchObject({ isHeld: true });
  const [record] = (await listAudit(systemActor, { what: `trial.pause ${id}` })).rows;
  expect(record?.detail).toEqual({ trial: id, from: { isHeld: false }, to: { isHeld: true } });
  expect(await claimed(worker)).toBeNull();
  expect(await act(id, "go")).toMatchObject({ isHeld: false });
  const first = await claim(worker);
  await act(id, "pause");
  expect(await renewLease(systemActor, id, { lease: first.lease })).toMatchObject({ signal: "pause" });
  expect(await tell(first, "paused")).toMatchObject({ status: "queued", isHeld: true, run: { status: "queued" } });
  expect(await tell(first, "paused")).toMatchObject({ status: "queued" });
  await act(id, "go");
  const second = await claim(worker);
  await act(id, "stop");
  await expect(act(id, "pause")).rejects.toMatchObject({ status: 409, errors: [{ field: "act" }] });
  expect(await renewLease(systemActor, id, { lease: second.lease })).toMatchObject({ signal: "stop" });
  const stopped = { status: "stopped", stoppedBy: actor.name, run: { status: "killed" } };
  expect(await tell(second, "stopped")).toMatchObject(stopped);
  expect(await tell(second, "stopped")).toMatchObject(stopped);
  await expect(act(id, "stop")).rejects.toThrow(/has ended/);
  expect(await act(id, "retry")).toMatchObject({ status: "queued", claims: 0, run: { status: "queued" } });
  expect(await claim(worker)).toMatchObject({ trial: id });
  const waiting = await queue(project);
  expect(await act(waiting.id, "stop")).toMatchObject({ status: "cancelled", run: { status: "killed" } });
  expect(await claimed(worker)).toBeNull();
});

test("a trial that somebody stopped ends though its worker died, and a paused one waits", async () => {
  const project = await newProject();
  const worker = await newWorker(project);
  await queue(project);
  await queue(project);
  const [stopped, paused] = [await claim(worker), await claim(worker)];
  await updateTrial(systemActor, stopped.trial, { act: "stop" });
  await updateTrial(systemActor, paused.trial, { act: "pause" });
  await lapse(stopped);
  await lapse(paused);
  await endLapsed();
  expect(await requireTrial(systemActor, stopped.trial)).toMatchObject({ status: "stopped" });
  expect(await requireTrial(systemActor, paused.trial)).toMatchObject({ status: "queued", isHeld: true });
});

test("a run that ends by itself ends its trial; one that was killed may go on elsewhere", async () => {
  const project = await newProject();
  const worker = await newWorker(project);
  const begin = async () => {
    await queue(project);
    const held = await claim(worker);
    await createWriter(systemActor, held.run.id, { writer: uuidv4() });
    return held;
  };
  const [done, broken, killed, gone] = [await begin(), await begin(), await begin(), await begin()];
  const failure = { reason: "diverged", message: "NaN" };
  await endRunAndTrial(systemActor, done.run.id, { status: "finished" });
  await endRunAndTrial(systemActor, broken.run.id, { status: "failed", failure });
  await endRunAndTrial(systemActor, killed.run.id, { status: "killed" });
  expect(await requireTrial(systemActor, done.trial)).toMatchObject({ status: "finished", infeasible: null });
  expect(await tell(done, "finished")).toMatchObject({ status: "finished" });
  expect(await tell(broken, "finished")).toMatchObject({ status: "failed", infeasible: "diverged" });
  expect(await tell(killed, "paused")).toMatchObject({ status: "queued", isHeld: false });
  await deleteRun(systemActor, gone.run.id);
  expect(await renewLease(systemActor, gone.trial, { lease: gone.lease })).toMatchObject({ signal: "stop" });
  expect(await tell(gone, "stopped")).toMatchObject({ status: "stopped", run: { isDeleted: true } });
  await deleteRun(systemActor, killed.run.id);
  expect(await claimed(worker)).toBeNull();
  expect(await requireTrial(systemActor, killed.trial)).toMatchObject({ status: "stopped" });
});

test("a token of another project knows neither trial nor worker, and a bad page of the queue is refused by field", async () => {
  const project = await newProject();
  const trial = await queue(project);
  const worker = await newWorker(project);
  const { actor } = await newToken(await newProject(), "admin");
  await expect(requireTrial(actor, trial.id)).rejects.toMatchObject({ status: 404 });
  await expect(claimNext(actor, { worker: worker.id })).rejects.toMatchObject({ status: 404 });
  await expect(updateWorker(actor, worker.id, { isDraining: true })).rejects.toMatchObject({ status: 404 });
  await expect(listTrials(systemActor, project.id, { status: ["open"] })).rejects.toThrow(/status/);
  const { actor: own } = await newToken(project, "ingest");
  const held = await claim(worker);
  await expect(tellTrial(own, held.trial, { lease: held.lease, outcome: "finished", value: 1 })).rejects.toThrow(
    /value: is the objective of a study/,
  );
});
