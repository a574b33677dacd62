/** A token of scope submit drives a loop, and learns of each of its candidates one bit: every other door is shut to it. */
import { beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { whenShown } from "@/lib/loops/candidates.ts";
import { getLoop, startLoop } from "@/lib/loops/loops.ts";
import { settleCandidates } from "@/lib/loops/settle.ts";
import { newManifest } from "@/lib/manifests/test-manifest.ts";
import { appendBatch } from "@/lib/metrics/append.ts";
import { updateTrial } from "@/lib/queue/act.ts";
import { endRunAndTrial } from "@/lib/queue/end-trial.ts";
import { listTrials } from "@/lib/queue/trials.ts";
import { registerWorker } from "@/lib/queue/workers.ts";
import { createWriter } from "@/lib/runs/writers.ts";
import { claimNext } from "@/lib/studies/claim.ts";
import { concludeStudy } from "@/lib/studies/conclusion.ts";
import { createStudy } from "@/lib/studies/studies.ts";
import {
  batchOf,
  newMember,
  newProject,
  newRun,
  newToken,
  prepareWorkspace,
  TEST_ORIGIN,
} from "@/lib/test-workspace.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { type RouteName, routes } from "@/lib/wire/routes.ts";
import { type AskedPlace, askRoute } from "./test-ask.ts";
import { POST } from "./v1/studies/[study]/candidates/route.ts";

prepareWorkspace();

type Headers = Record<string, string>;
const place = {} as { project: Project; study: string; first: string; worker: string; blind: Headers; other: Headers };
let seed = 0;

/** Accuracy by the rate of a config; −1: it crashes. */
const worth: Record<number, number> = { 1: 0.9, 2: 0.95, 3: 0.85, 4: -1 };

async function log(run: string, writer: string, rate: number): Promise<void> {
  const value = worth[rate]! + (++seed % 5) * 1e-3;
  await appendBatch(systemActor, run, batchOf(writer, 1, "validation", [1], { accuracy: [value] }));
  const failure = { reason: "crashed", message: "no" };
  await endRunAndTrial(systemActor, run, worth[rate]! < 0 ? { status: "failed", failure } : { status: "finished" });
}

async function newLoop(project: Project, rule: object = {}) {
  const manifest = (await newManifest(project)).id;
  const objective = { metric: "accuracy", split: "validation", direction: "max" };
  const plan = { project: project.id, title: "Loop", mode: "loop", objective, manifest };
  const { id: study } = await createStudy(systemActor, plan);
  const { run, writer } = await newRun(project, { config: { rate: 1 }, manifest, seed: 1 });
  await log(run.id, writer, 1);
  await startLoop(systemActor, study, { run: run.id, rule: { seeds: 3, answerAfterMinutes: 0, ...rule } });
  return { study, first: run.id };
}

beforeAll(async () => {
  const project = await newProject();
  const headers = async () => ({ authorization: `Bearer ${(await newToken(project, "submit")).secret}` });
  const { id: worker } = await registerWorker(systemActor, { project: project.id, name: "another's" });
  Object.assign(place, {
    project,
    ...(await newLoop(project)),
    worker,
    blind: await headers(),
    other: await headers(),
  });
});

async function submit(config: object, headers: Headers, study = place.study): Promise<string> {
  const url = `${TEST_ORIGIN}/api/v1/studies/${study}/candidates`;
  const request = new Request(url, { method: "POST", headers, body: JSON.stringify({ config }) });
  const response = await POST(request, { params: Promise.resolve({ study }) });
  const said = (await response.json()) as object;
  if (!response.ok) return `${response.status} ${JSON.stringify(said)}`;
  // nothing but the candidate's own id and the word
  expect(Object.keys(said).sort()).toEqual(["candidate", "ruling"]);
  return (said as { ruling: string }).ruling;
}

/** Trains what waits until the loop wants nothing more; returns how many runs that took. */
async function work(): Promise<number> {
  for (let runs = 0; ; runs++) {
    await settleCandidates();
    const { trial } = await claimNext(systemActor, { worker: place.worker });
    if (!trial) return runs;
    const writer = crypto.randomUUID();
    await createWriter(systemActor, trial.run.id, { writer, mode: "start" });
    await log(trial.run.id, writer, trial.run.config.rate as number);
  }
}

const others = (Object.keys(routes) as RouteName[]).filter(
  (name) => name !== "submitCandidate" && routes[name].permission !== null,
);

/** What every other route says to it. */
async function walk(headers: Headers): Promise<Map<string, string>> {
  const { project, study, first } = place;
  const names = ["writer", "evaluation", "dataset", "share", "review", "thread", "comment"];
  const unknown = Object.fromEntries([...names, "alert", "trial", "lease"].map((name) => [name, first]));
  const ids = { run: first, evaluated: first, study, loop: study, unbegun: study, first, candidate: first };
  const asked = {
    ...unknown,
    project,
    ...ids,
    manifest: "0".repeat(64),
    unsealed: "0".repeat(64),
    worker: place.worker,
    validation: {},
    predictions: {},
  };
  const answers = new Map<string, string>();
  for (const name of others) {
    const response = await askRoute(asked as unknown as AskedPlace, name, headers);
    expect([403, 404], name).toContain(response.status);
    answers.set(name, await response.text());
  }
  return answers;
}

test("it learns rulings alone: screened, unconfirmed or judged before, all reads keep, discard or pending", async () => {
  const { blind, other, study } = place;
  const before = await walk(blind);
  expect(await submit({ rate: 2, seed: 7 }, blind)).toBe("pending");
  expect(await submit({ rate: 3 }, blind)).toBe("pending");
  expect(await submit({ rate: 4 }, blind)).toBe("pending");
  expect(await submit({ rate: 1, seed: 5 }, blind)).toBe("pending");
  expect(await work()).toBeGreaterThan(5);
  // the same handed in again, whatever its seed, is told the same
  expect(await submit({ rate: 2, seed: 8 }, blind)).toBe("keep");
  expect(await submit({ rate: 3 }, blind)).toBe("discard");
  expect(await submit({ rate: 4 }, blind)).toBe("discard");
  // the incumbent of before, which was replaced meanwhile
  expect(await submit({ rate: 1 }, blind)).toBe("discard");
  // another token's candidates are its own: it asks for what was kept, and that is the incumbent
  expect(await submit({ rate: 2 }, other)).toBe("pending");
  expect(await work()).toBe(0);
  expect(await submit({ rate: 2 }, other)).toBe("discard");
  expect(await walk(blind)).toEqual(before);
  const { blindness, rulings, keeps } = await getLoop(systemActor, study);
  expect(keeps).toBe(1);
  expect(rulings.map(({ reason }) => reason)).toEqual(
    expect.arrayContaining(["screen", "gain", "crashed", "unconfirmed"]),
  );
  expect(rulings.every(({ askedBy }) => askedBy === "a submit machine")).toBe(true);
  // answers came as soon as they were decided, so that their time told something too
  expect(blindness).toMatchObject({ by: "workers", answers: 5, keeps: 1, outcomes: 3, samples: 1 });
  expect(blindness!.bits).toBeCloseTo(5 * Math.log2(3), 12);
});

test("an answer waits for its time, and who asks otherwise makes a loop that isn't blind", async () => {
  const { blind, project } = place;
  const { study, first } = await newLoop(project, { answerAfterMinutes: 60 });
  expect(await submit({ rate: 1 }, blind, study)).toBe("pending");
  expect(await work()).toBe(0);
  expect(await submit({ rate: 1 }, blind, study)).toBe("pending");
  expect((await getLoop(systemActor, study)).blindness).toMatchObject({ answers: 1, keeps: 0, outcomes: 2 });
  const { actor: member, cookie } = await newMember("member");
  expect(await submit({ rate: 3 }, { cookie, origin: TEST_ORIGIN }, study)).toBe("pending");
  await work();
  expect((await getLoop(member, study)).blindness).toBeNull();
  expect(await submit({ rate: 2 }, blind, study)).toBe("pending");
  await concludeStudy(member, study, { conclusion: "Enough.", decision: "reject" });
  await settleCandidates();
  expect(await submit({ rate: 5 }, blind, study)).toMatch(/^409 .*concluded/);
  expect(await submit({ rate: 2 }, blind, first)).toMatch(/^404/);
});

test("runs that are cancelled are queued again, but not for ever", async () => {
  const { blind, project } = place;
  const { study } = await newLoop(project, { seeds: 2, incumbentMin: 2, incumbentMax: 2 });
  expect(await submit({ rate: 2 }, blind, study)).toBe("pending");
  for (let times = 0; times < 30; times++) {
    await settleCandidates();
    const [trial] = (await listTrials(systemActor, project.id, { status: ["queued"] })).trials;
    if (!trial) break;
    await updateTrial(systemActor, trial.id, { act: "stop" });
  }
  expect(await submit({ rate: 2 }, blind, study)).toBe("discard");
});

test.each([
  ["before its time", 59, 60, false],
  ["at its time", 60, 60, false],
  ["after it: at the next multiple", 61, 120, true],
  ["long after it", 180.5, 240, true],
])("an answer that was decided %s is told on the hour", (_words, decided, shown, isLate) => {
  const at = (minutes: number) => new Date(minutes * 60_000);
  expect(whenShown(at(0), at(decided), 60)).toEqual({ shownAt: at(shown), isLate });
});
