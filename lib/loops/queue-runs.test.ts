import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { appendBatch } from "../metrics/append.ts";
import { updateTrial } from "../queue/act.ts";
import { endRunAndTrial } from "../queue/end-trial.ts";
import { listTrials } from "../queue/trials.ts";
import { registerWorker } from "../queue/workers.ts";
import { requireRun } from "../runs/runs.ts";
import { createWriter } from "../runs/writers.ts";
import { claimNext } from "../studies/claim.ts";
import { createStudy, requireStudy } from "../studies/studies.ts";
import { batchOf, newProject, newRun, newToken, prepareWorkspace } from "../test-workspace.ts";
import { getLoop, startLoop } from "./loops.ts";
import { listOpenRulings, queueAsked } from "./queue-runs.ts";
import { ruleOnCandidate } from "./rule.ts";

prepareWorkspace();

const objective = { metric: "loss", split: "train", direction: "min" };
let made = 0;

async function newLoop() {
  const project = await newProject();
  const plan = { project: project.id, title: "Loop", mode: "loop", objective, labels: ["gpu"] };
  const { id: study } = await createStudy(systemActor, plan);
  const { actor } = await newToken(project, "ingest");
  const worker = await registerWorker(systemActor, { project: project.id, name: "w", labels: ["gpu"] });
  /** A run of the recipe that somebody trained by hand. */
  const trained = async (rate: number, loss: number) => {
    const { run, writer } = await newRun(project, { config: { rate, data: { seed: ++made } }, seed: made });
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [1], { loss: [loss] }));
    await endRunAndTrial(systemActor, run.id, { status: "finished" });
    return run.id;
  };
  /** What waits longest, trained by the queue's worker to the loss that its config comes to. */
  const work = async (losses: Record<number, number>) => {
    const { trial } = await claimNext(systemActor, { worker: worker.id });
    if (!trial) return null;
    const { id, config } = trial.run;
    const writer = crypto.randomUUID();
    await createWriter(systemActor, id, { writer, mode: "start" });
    const loss = losses[config.rate as number]! + ++made * 1e-4;
    await appendBatch(systemActor, id, batchOf(writer, 1, "train", [1], { loss: [loss] }));
    await endRunAndTrial(systemActor, id, { status: "finished" });
    return id;
  };
  /** As a client sees it that asks in the moment between: finished, and its points aren't summed up. */
  const unsummed = async (rate: number, loss: number) => {
    const { run, writer } = await newRun(project, { config: { rate, data: { seed: ++made } }, seed: made });
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [1], { loss: [loss] }));
    await connections().sql`update runs set status = 'finished', ended_at = now() where id = ${run.id}`;
    return run.id;
  };
  const first = await trained(1, 0.5);
  await startLoop(systemActor, study, { run: first, rule: { seedKeys: ["seed", "data.seed"] } });
  return {
    project,
    study,
    actor,
    trained,
    unsummed,
    work,
    hand: (runs: string[]) => ruleOnCandidate(actor, study, { runs }),
  };
}

test("a run is handed in with its last points, also in the moment before they are summed up", async () => {
  const { unsummed, hand } = await newLoop();
  expect((await hand([await unsummed(2, 0.3)])).figures?.candidate).toEqual([0.3]);
});

test("what a ruling asks for is queued once, with fresh seeds, and is ruled on once it is trained", async () => {
  const { project, study, actor, trained, work, hand } = await newLoop();
  const candidate = await trained(2, 0.3);
  const asked = await hand([candidate]);
  expect(asked).toMatchObject({ reason: "no-noise-floor", figures: { run: { incumbent: 2, candidate: 0 } } });
  const both = await Promise.all([queueAsked(actor, study, 1), queueAsked(actor, study, 1)]);
  expect(both.map(({ queued }) => queued).sort()).toEqual([0, 2]);
  const [one, two] = both[0].runs;
  expect([one, two]).toMatchObject([{ of: "incumbent", status: "queued", isOther: false }, { of: "incumbent" }]);
  expect(one!.seed).not.toBe(two!.seed);
  // the seed stands where the recipe has seeds, and nowhere else
  const run = await requireRun(systemActor, one!.run);
  expect(run).toMatchObject({ seed: one!.seed, config: { rate: 1, data: { seed: one!.seed } } });
  // what somebody cancels is queued again when it is asked for again
  const { trials } = await listTrials(systemActor, project.id, { status: ["queued"] });
  await updateTrial(systemActor, trials[0]!.id, { act: "stop" });
  expect(await queueAsked(actor, study, 1)).toMatchObject({ queued: 1, runs: { length: 2 } });
  while (await work({ 1: 0.5, 2: 0.3 }));
  const plan = await requireStudy(actor, study);
  const [open] = await listOpenRulings(actor, plan, project.id);
  expect(open).toMatchObject({ ruling: 1, lacking: 0, run: candidate });
  const confirm = await hand([candidate, ...open!.runs.map((each) => each.run)]);
  expect(confirm).toMatchObject({ reason: "unconfirmed", figures: { run: { candidate: 4, incumbent: 1 } } });
  await expect(queueAsked(actor, study, 1)).rejects.toThrow(/ruling 2 speaks of the same candidate/);
  expect((await queueAsked(actor, study, 2)).queued).toBe(5);
  while (await work({ 1: 0.5, 2: 0.3 }));
  const { queued, runs } = await queueAsked(actor, study, 2);
  expect([queued, new Set(runs.map(({ status }) => status))]).toEqual([0, new Set(["finished"])]);
  expect(await hand(runs.map((each) => each.run))).toMatchObject({ ruling: "keep", reason: "gain" });
  expect(await listOpenRulings(actor, plan, project.id)).toEqual([]);
  await expect(queueAsked(actor, study, 3)).rejects.toThrow(/asks for no runs/);
  await expect(queueAsked(actor, study, "x")).rejects.toMatchObject({ status: 404 });
});

test("a run whose worker has other code counts for nothing, and another is queued in its place", async () => {
  const { project, study, actor, trained, work, hand } = await newLoop();
  await hand([await trained(2, 0.3)]);
  expect((await queueAsked(actor, study, 1)).queued).toBe(2);
  const other = await work({ 1: 0.5 });
  await connections().sql`update runs set code_digest = ${Buffer.alloc(32, 1)} where id = ${other}`;
  const [open] = await listOpenRulings(actor, await requireStudy(actor, study), project.id);
  expect(open).toMatchObject({ lacking: 1 });
  expect(open!.runs.find(({ run }) => run === other)).toMatchObject({ isOther: true });
  expect((await queueAsked(actor, study, 1)).queued).toBe(1);
});

test("runs of the incumbent that were handed in by hand meanwhile aren't queued as well", async () => {
  const { project, study, actor, trained, hand } = await newLoop();
  await hand([await trained(2, 0.3)]);
  await hand([await trained(1, 0.51)]);
  expect((await queueAsked(actor, study, 1)).queued).toBe(1);
  await hand([await trained(1, 0.49)]);
  const [open] = await listOpenRulings(actor, await requireStudy(actor, study), project.id);
  expect(open).toMatchObject({ ruling: 1, lacking: 0 });
  expect((await getLoop(actor, study)).incumbent.runs).toBe(3);
  const { actor: reader } = await newToken(project, "read");
  await expect(queueAsked(reader, study, 1)).rejects.toThrow(/trials.queue/);
});
