/**
 * Points and predictions survive: app and PostgreSQL die at random moments while batches come shuffled, repeated, from many
 * writers, and while a report is computed.
 */
import { createHash, randomUUID } from "node:crypto";
import { expect, test } from "@playwright/test";
import { v7 as uuidv7 } from "uuid";
import { type App, startApp } from "../bin/servers/app.ts";
import type { Evaluation } from "../lib/wire/evaluations/evaluations.ts";
import { encodePredictions, PREDICTIONS_CONTENT_TYPE, packTexts } from "../lib/wire/evaluations/predictions.ts";
import { encodeBatch } from "../lib/wire/points/batch.ts";
import type { SeriesPoints } from "../lib/wire/points/points.ts";
import { admin, ask, killsOf, newWorkplace, seriesOf, spendLink } from "./workspace.ts";

const KILLS = killsOf(3, 100);
/** A start, on a machine that is busy with other things. */
const BACK_MS = 5 * 60_000;
const isStorm = KILLS > 10;
const RUNS = isStorm ? 8 : 2;
const BATCHES = isStorm ? 400 : 50;
const STEPS = 200;
/** So many batches of a writer are under way at once, in any order. */
const WINDOW = 8;

let app: App;
test.beforeAll(async () => {
  app = await startApp();
});
test.afterAll(() => app.stop());

let state = 20261;
/** 0 to 1, the same from run to run (Park and Miller's minimal standard generator). */
function random(): number {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
}
const shuffled = <T>(items: T[]): T[] =>
  items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

type Writer = { run: string; id: string; number: number };
type Stored = { value: number; rank: [number, number] };
const models = new Map<string, Map<number, Stored>>();
let token = "";
let acknowledged = 0;

async function post(route: string, body: Uint8Array | string, contentType = "application/json"): Promise<Response> {
  return fetch(`${app.url}/api/v1/${route}`, {
    method: "POST",
    body: body as BodyInit,
    headers: { authorization: `Bearer ${token}`, "content-type": contentType },
  });
}

async function newWriters(): Promise<Writer[]> {
  const run = uuidv7();
  expect((await post("runs", JSON.stringify({ id: run, name: "survivor", config: {} }))).status).toBe(200);
  models.set(run, new Map());
  const writers: Writer[] = [];
  for (const [index, mode] of ["start", "join"].entries()) {
    const id = randomUUID();
    expect((await post(`runs/${run}/writers`, JSON.stringify({ writer: id, mode }))).status).toBe(200);
    writers.push({ run, id, number: index + 1 });
  }
  return writers;
}

/** Every third step of the first writer is written by the second, too. */
function batchOf({ run, id, number }: Writer, sequence: number): Uint8Array {
  const stride = number === 1 ? 1 : 3;
  const steps = Float64Array.from({ length: STEPS }, (_, index) => ((sequence - 1) * STEPS + index) * stride);
  const values = steps.map(() => random());
  const model = models.get(run)!;
  for (const [index, step] of steps.entries()) {
    const known = model.get(step);
    const isLater = !known || known.rank[0] < number || (known.rank[0] === number && known.rank[1] <= sequence);
    if (isLater) model.set(step, { value: values[index]!, rank: [number, sequence] });
  }
  const metrics = new Map([["loss", values]]);
  return encodeBatch({
    writer: id,
    sequence,
    groups: [{ split: "train", steps, times: steps.map((step) => 1e12 + step), metrics }],
  });
}

/** Until it is acknowledged, as often as that takes, and then up to three times more. */
async function deliver({ run }: Writer, body: Uint8Array, copies: number): Promise<void> {
  for (let stored = 0; stored < copies; stored++) {
    await postUntilTaken(`runs/${run}/metrics`, body, "application/vnd.holdout.batch");
    if (stored === 0) acknowledged++;
  }
}

/** The answer, once there is one: a server that is away is waited for. */
async function postUntilTaken(route: string, body: Uint8Array | string, contentType?: string): Promise<Response> {
  for (;;) {
    const answer = await post(route, body, contentType).catch(() => null);
    if (answer?.status === 200) return answer;
    if (answer && answer.status !== 503) throw new Error(`${answer.status} ${await answer.text()}`);
    await expect.poll(isUp, { intervals: [50], timeout: BACK_MS }).toBe(true);
  }
}

const SAMPLES = 6_000;
const SAMPLES_A_BATCH = 100;
const classes = ["cat", "dog", "cow"];

/** A run with a checkpoint, on a manifest of one split. */
async function newEvaluated(): Promise<string> {
  const dataset = { name: "survivors", version: "1" };
  const key = Array.from({ length: SAMPLES }, (_, at) => `sample ${at}`);
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const samples = {
    key,
    split: key.map(() => "validation"),
    label: key.map((_, at) => classes[at % 3]!),
    contentHash: key.map(hash),
  };
  expect((await post("datasets", JSON.stringify(dataset))).status).toBe(200);
  const made = { name: "survivors", dataset, method: "given", samples };
  const manifest = (await (await post("manifests", JSON.stringify(made))).json()) as { id: string };
  const run = uuidv7();
  expect((await post("runs", JSON.stringify({ id: run, config: {}, manifest: manifest.id }))).status).toBe(200);
  const file = `${app.url}/api/v1/runs/${run}/artifacts/best.safetensors`;
  await fetch(file, { method: "PUT", body: "weights", headers: { authorization: `Bearer ${token}` } });
  const checkpoint = JSON.stringify({ path: "best.safetensors", step: 1, epoch: 1 });
  expect((await post(`runs/${run}/checkpoints`, checkpoint)).status).toBe(200);
  return run;
}

/** The same predictions each time, shuffled and repeated on their way. Returns the evaluation once all came. */
async function sendPredictions(run: string): Promise<string> {
  const id = uuidv7();
  const opened = { id, split: "validation", task: "classification", form: "scores", scoresAre: "logits", classes };
  await postUntilTaken(`runs/${run}/evaluations`, JSON.stringify(opened));
  const bodies = Array.from({ length: SAMPLES / SAMPLES_A_BATCH }, (_, batch) => {
    const places = Array.from({ length: SAMPLES_A_BATCH }, (_, at) => batch * SAMPLES_A_BATCH + at);
    const scores = classes.map((_, index) => Float32Array.from(places, (place) => Math.sin(place * (index + 1))));
    const keys = packTexts(places.map((place) => `sample ${place}`));
    return encodePredictions({ sequence: batch + 1, rows: SAMPLES_A_BATCH, first: null, keys, form: "scores", scores });
  });
  const send = (body: Uint8Array) =>
    postUntilTaken(`runs/${run}/evaluations/${id}/predictions`, body, PREDICTIONS_CONTENT_TYPE);
  for (let at = 0; at < bodies.length; at += WINDOW)
    await Promise.all(shuffled([...bodies.slice(at, at + WINDOW), bodies[at]!]).map(send));
  await postUntilTaken(`runs/${run}/evaluations/${id}/complete`, "");
  return id;
}

const evaluationOf = (run: string, id: string) => ask<Evaluation>(token, `runs/${run}/evaluations/${id}`, app.url);

async function reported(run: string, id: string): Promise<Evaluation> {
  await expect.poll(async () => (await evaluationOf(run, id)).status, { timeout: BACK_MS }).toBe("done");
  return evaluationOf(run, id);
}

const isUp = async (): Promise<boolean> =>
  fetch(`${app.url}/api/health`).then(
    ({ ok }) => ok,
    () => false,
  );

async function sendAll(writer: Writer): Promise<void> {
  const batches = Array.from({ length: BATCHES }, (_, index) => ({
    body: batchOf(writer, index + 1),
    copies: 1 + Math.floor(random() * 4),
  }));
  for (let at = 0; at < BATCHES; at += WINDOW)
    await Promise.all(
      shuffled(batches.slice(at, at + WINDOW)).map(({ body, copies }) => deliver(writer, body, copies)),
    );
}

/** What the app printed of errors that nobody caught, in all its lives. */
const uncaught: string[] = [];
const noteUncaught = () =>
  void uncaught.push(
    ...app
      .output()
      .split("\n")
      .filter((line) => /Uncaught|Unhandled|the thread that/.test(line)),
  );

/** Kills spread over the storm: the app by kill -9, PostgreSQL as by `pg_ctl stop -m immediate`, or both. */
async function harass(total: number): Promise<void> {
  for (let kill = 1; kill <= KILLS; kill++) {
    const due = Math.floor(((kill - random() / 2) / (KILLS + 1)) * total);
    await expect.poll(() => acknowledged >= due, { intervals: [5], timeout: 10 * 60_000 }).toBe(true);
    const what = Math.floor(random() * 3);
    const database = what === 0 ? null : app.databaseId();
    if (what !== 1) noteUncaught();
    const killed = what === 1 ? null : app.kill();
    if (database !== null) process.kill(database, "SIGQUIT");
    await killed;
    if (what !== 1) await app.start();
    await expect.poll(isUp, { intervals: [20], timeout: BACK_MS }).toBe(true);
  }
}

test("every acknowledged point is there once, and none is altered", async ({ browser }) => {
  test.setTimeout(isStorm ? 60 * 60_000 : 4 * 60_000);
  const page = await (await browser.newContext({ baseURL: app.url })).newPage();
  await spendLink(page, app.link ?? "", admin);
  ({ token } = await newWorkplace(page, "Survivors", app.url));
  const writers: Writer[] = [];
  for (let run = 0; run < RUNS; run++) writers.push(...(await newWriters()));
  const evaluated = await newEvaluated();
  const calm = await reported(evaluated, await sendPredictions(evaluated));
  const harassed = sendPredictions(evaluated);
  await Promise.all([...writers.map(sendAll), harassed, harass(writers.length * BATCHES)]);
  for (const [run, model] of models) await expectAll(run, model);
  expect(await reported(evaluated, await harassed)).toMatchObject({ predictions: calm.predictions, received: SAMPLES });
  await expectReportAfterDeath(evaluated, calm.predictions!);
  noteUncaught();
  expect(uncaught).toEqual([]);
});

/** The app dies right after it said that the predictions are complete: the next start computes the report. */
async function expectReportAfterDeath(run: string, predictions: string): Promise<void> {
  const id = await sendPredictions(run);
  await app.kill();
  await app.start();
  expect(await reported(run, id)).toMatchObject({ predictions });
}

async function expectAll(run: string, model: Map<number, Stored>): Promise<void> {
  const steps = [...model.keys()].sort((a, b) => a - b);
  const read: [number, unknown][] = [];
  for (let at = 0; at < steps.length; at += 10_000) {
    const [from, to] = [steps[at]!, steps[Math.min(at + 9_999, steps.length - 1)]!];
    const route = `runs/${run}/metrics?px=4000&series=train%2Floss&from=${from}&to=${to}`;
    const [points] = (await ask<SeriesPoints>(token, route, app.url)).series;
    expect(points!.kind).toBe("raw");
    read.push(...points!.steps.map((step, index): [number, unknown] => [step, points!.values[index]]));
  }
  expect(read).toEqual(steps.map((step) => [step, model.get(step)!.value]));
  const values = Float64Array.from(model.values(), ({ value }) => value).sort();
  const [summary] = await seriesOf(token, run, app.url);
  expect(summary).toMatchObject({
    count: steps.length,
    stepLast: steps.at(-1),
    min: values[0],
    max: values.at(-1),
  });
}
