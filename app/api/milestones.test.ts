/** A loop of milestones over the API: its referee split is scored here alone, and one bit a milestone comes back. */
import { v4 as uuidv4 } from "uuid";
import { beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { newManifestOf } from "@/lib/evaluations/test-evaluation.ts";
import { postRefereePredictions } from "@/lib/loops/referee-scores.ts";
import { appendBatch } from "@/lib/metrics/append.ts";
import { endRun } from "@/lib/metrics/end-run.ts";
import { createWriter } from "@/lib/runs/writers.ts";
import { createStudy } from "@/lib/studies/studies.ts";
import { batchOf, newMember, newProject, newRun, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import { splitMadeAlone } from "@/lib/wire/data/referee-splits.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { type RouteName, routes } from "@/lib/wire/routes.ts";
import type { Loop, RulingAnswer } from "@/lib/wire/studies/loops.ts";
import { type AskedPlace, askRoute } from "./test-ask.ts";
import { POST as drawSplit, GET as getSplit } from "./v1/manifests/[manifest]/referee-split/route.ts";
import { POST as startLoop } from "./v1/studies/[study]/loop/route.ts";
import { POST as rule } from "./v1/studies/[study]/rulings/route.ts";

prepareWorkspace();

const SAMPLES = 48;
const place = {} as {
  project: Project;
  manifest: string;
  study: string;
  keys: string[];
  headers: Record<string, string>;
};

type Handler = (request: Request, context: { params: Promise<never> }) => Promise<Response>;

async function call(handler: Handler, params: object, body?: object): Promise<Response> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const url = `${TEST_ORIGIN}/api/v1?project=${place.project.id}`;
  const request = new Request(url, { headers: place.headers, ...init });
  return handler(request, { params: Promise.resolve(params as never) });
}

const draw = (seed: number) => call(drawSplit, { manifest: place.manifest }, { seed, share: 0.5 });

beforeAll(async () => {
  const project = await newProject();
  const { cookie } = await newMember("admin");
  const samples = Array.from({ length: SAMPLES }, (_, at) => ({
    key: `v${String(at).padStart(2, "0")}`,
    split: "validation" as const,
    label: "cat",
    group: `g${Math.floor(at / 2)}`,
  }));
  const train = { key: "t", split: "train" as const, label: "cat" };
  const sealed = { sealed: true, sealedSplit: "validation" as const };
  const manifest = await newManifestOf(project, [train, ...samples], sealed);
  Object.assign(place, { project, manifest: manifest.id, headers: { cookie, origin: TEST_ORIGIN } });
});

let seed = 0;

/** A run that ended with this accuracy on validation, and of whose predictions on the referee split so many are right. */
async function trained(rate: number, accuracy: number, right: number | null): Promise<string> {
  const { run, writer } = await newRun(place.project, { config: { rate }, seed: ++seed, manifest: place.manifest });
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [1], { accuracy: [accuracy] }));
  await endRun(systemActor, run.id, { status: "finished" });
  const said = { keys: place.keys, classes: place.keys.map((_, at) => (at < right! ? "cat" : "dog")) };
  if (right !== null) await postRefereePredictions(systemActor, run.id, said);
  return run.id;
}

const hand = async (...runs: string[]) =>
  (await (await call(rule, { study: place.study }, { runs })).json()) as RulingAnswer & { detail: string };

test("a referee split keeps groups whole, stands once it is drawn, and its labels stand in no report", async () => {
  const drawn = (await (await draw(3)).json()) as { keys: string[]; samples: number; isSealed: boolean };
  expect(drawn).toMatchObject({ samples: SAMPLES / 2, isSealed: true });
  const groups = new Set(drawn.keys.map((key) => Math.floor(Number(key.slice(1)) / 2)));
  expect(drawn.keys).toHaveLength(2 * groups.size);
  expect(await (await draw(3)).json()).toEqual(drawn);
  expect((await draw(4)).status).toBe(409);
  expect(await (await call(getSplit, { manifest: place.manifest })).json()).toEqual(drawn);
  place.keys = drawn.keys;
  const run = await trained(0, 0.3, 1);
  const post = (keys: string[], label: string) =>
    postRefereePredictions(systemActor, run, { keys, classes: keys.map((_key, at) => (at < 1 ? "cat" : label)) });
  await expect(post(drawn.keys, "dog")).resolves.toEqual({ samples: SAMPLES / 2 });
  await expect(post(drawn.keys, "cat")).rejects.toThrow(/are there already/);
  await expect(post(drawn.keys.slice(1), "dog")).rejects.toThrow(/1 of the referee split's 24 samples are missing/);
  const evaluation = { run, evaluated: run, project: place.project } as AskedPlace;
  const validation = { split: "validation", task: "classification", form: "class", classes: ["cat", "dog"] };
  const opened = await askRoute({ ...evaluation, validation }, "createEvaluation", place.headers);
  expect([opened.status, await opened.text()]).toEqual([409, expect.stringContaining("referee split")]);
});

test("what is ahead by one run is held, and a bundle is confirmed or rolled back by fresh runs on the referee split", async () => {
  const objective = { metric: "accuracy", split: "validation", direction: "max" };
  const plan = { project: place.project.id, title: "Loop", mode: "loop", objective, manifest: place.manifest };
  place.study = (await createStudy(systemActor, plan)).id;
  const first = await trained(1, 0.9, null);
  const begun = { run: first, rule: { milestones: { every: 2 }, seeds: 3 } };
  expect((await call(startLoop, { study: place.study }, begun)).status).toBe(200);
  const better = await trained(2, 0.93, null);
  expect(await hand(better)).toMatchObject({ ruling: "keep", reason: "ahead" });
  expect(await hand(await trained(3, 0.92, null))).toMatchObject({ ruling: "discard", reason: "behind" });
  const next = await trained(4, 0.97, null);
  expect(await hand(next)).toMatchObject({
    ruling: "run-again",
    reason: "milestone",
    run: better,
    figures: { run: { incumbent: 3 } },
  });
  const unscored = await trained(2, 0.9, null);
  expect((await hand(unscored)).detail).toMatch(/has sent no predictions of the referee split/);
  // how many are right differs by run: 24 samples
  const fresh = async (rate: number, rights: number[]) => Promise.all(rights.map((right) => trained(rate, 0.9, right)));
  const bundle = await fresh(2, [21, 22, 21]);
  const answer = await hand(...bundle, ...(await fresh(1, [11, 10, 11])));
  expect(answer).toMatchObject({
    ruling: "keep",
    reason: "confirmed",
    figures: { candidate: [], incumbent: [], test: null },
  });
  // a lucky validation value doesn't help on samples that nobody chose by
  expect(await hand(next)).toMatchObject({ ruling: "keep", reason: "ahead" });
  expect(await hand(await trained(5, 0.91, null))).toMatchObject({ ruling: "discard" });
  const again = [...(await fresh(4, [21, 21, 22])), ...(await fresh(2, [21, 22, 21]))];
  expect(await hand(...again)).toMatchObject({ ruling: "discard", reason: "rolled-back" });
  const loop = (await (await askRoute(asked(), "getLoop", place.headers)).json()) as Loop;
  expect(loop).toMatchObject({
    incumbent: { run: bundle[0], value: null },
    noiseFloor: null,
    milestone: { judged: 0, isDue: false, provisional: { run: bundle[0] } },
    blindness: { by: "split", answers: 2, keeps: 1, samples: SAMPLES / 2 },
  });
  // what was given up isn't tried again
  expect(await hand(await trained(4, 0.99, null))).toMatchObject({ ruling: "discard", reason: "history" });
});

const asked = () => {
  const { project, manifest, study } = place;
  return { project, manifest, hidden: manifest, study, loop: study, run: study, evaluated: study } as AskedPlace;
};

test("a run that split its samples without a server, and so saw the referee split's, is refused by name", async () => {
  const { project, manifest } = place;
  const { run } = await newRun(project, { name: "made alone", config: { rate: 9 }, manifest });
  const writer = uuidv4();
  const environment = { [splitMadeAlone.name]: splitMadeAlone.value };
  await createWriter(systemActor, run.id, { writer, mode: "resume", resumeStep: 0, environment });
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [1], { accuracy: [0.99] }));
  await endRun(systemActor, run.id, { status: "finished" });
  expect((await hand(run.id)).detail).toMatch(/made alone split its samples without a server/);
});

test("no answer to anybody, an admin neither, has a number of the referee split", async () => {
  const means = [21, 22, 11, 10, 21.333333, 10.666666].map((right) => right / 24);
  const reading = (Object.keys(routes) as RouteName[]).filter(
    (name) => routes[name].method === "GET" && name !== "events",
  );
  let seen = 0;
  for (const name of reading) {
    const text = await (await askRoute({ ...asked(), candidate: "" } as AskedPlace, name, place.headers)).text();
    // the API rounds nothing; of shorter ones any may come near by chance
    const numbers = (text.match(/\b0\.\d{6,}/g) ?? []).map(Number);
    seen += numbers.length;
    expect(
      numbers.filter((number) =>
        means.some((mean) => Math.abs(number - mean) < 1e-6 || Math.abs(1 - number - mean) < 1e-6),
      ),
      name,
    ).toEqual([]);
  }
  expect(seen).toBeGreaterThan(3);
});
