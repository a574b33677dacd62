/** A trainer trains, and has its run evaluated, against the API itself: what the report says is what was measured in training. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { connections } from "../db/connection.ts";
import { systemActor } from "../lib/access/actor.ts";
import { listEvaluations } from "../lib/evaluations/evaluations.ts";
import { requireComplete } from "../lib/evaluations/read-evaluated.ts";
import { newEvaluable } from "../lib/evaluations/test-evaluation.ts";
import { jobPrograms } from "../lib/job-programs.ts";
import { runJobsUntil } from "../lib/jobs/jobs.ts";
import { registerRefereeSplit } from "../lib/manifests/referee-split.ts";
import { newProject, newToken, prepareWorkspace } from "../lib/test-workspace.ts";
import type { Panels } from "../lib/wire/evaluations/panels.ts";
import type { Project } from "../lib/wire/projects.ts";
import { type EvaluationOptions, openEvaluation } from "../trainer/src/client/evaluation.ts";
import type { CommandContext } from "../trainer/src/commands/context.ts";
import { evaluateCommand } from "../trainer/src/commands/evaluate.ts";
import { splitCommand } from "../trainer/src/commands/split.ts";
import { trainCommand } from "../trainer/src/commands/train.ts";
import { parseEvaluationSettings, parseSettings, parseSplitSettings } from "../trainer/src/config/settings.ts";
import { ApiServer } from "./test/api-server.ts";

prepareWorkspace();
const folder = mkdtempSync(path.join(tmpdir(), "holdout-evaluate-"));
const server = new ApiServer();
const jobs = new AbortController();
let working: Promise<void>;
let project: Project;
let context: CommandContext;
let said: string[];

beforeAll(async () => {
  await server.up();
  process.env.HOLDOUT_URL = server.url;
  project = await newProject();
  const { secret } = await newToken(project, "evaluate");
  context = {
    target: { url: server.url, token: secret },
    spoolDir: path.join(folder, "spool"),
    code: false,
    offline: false,
    signal: new AbortController().signal,
  };
  working = runJobsUntil(jobs.signal, jobPrograms);
});
beforeEach(() => {
  said = [];
  server.loses = () => false;
  vi.spyOn(console, "log").mockImplementation((line: string) => void said.push(line));
});
afterAll(async () => {
  vi.restoreAllMocks();
  jobs.abort();
  await working;
  await server.down();
  rmSync(folder, { recursive: true, force: true });
});

/** Two thirds of the rows are trained on; the others are sealed test samples. `row` is given whether it says the label. */
function writeTable(name: string, target: string, row: (at: number, isTest: boolean) => (string | number)[]): string {
  const file = path.join(folder, name);
  const lines = Array.from({ length: 120 }, (_, at) => {
    const isTest = at % 3 === 2;
    return [`k${at}`, isTest ? "test" : "", isTest, Math.cos(at), Math.sin(at * 1.7), ...row(at, isTest)].join(",");
  });
  writeFileSync(file, [`key,split,sealed,x,y,${target}`, ...lines].join("\n"));
  return file;
}
const sideOf = (at: number) => (Math.cos(at) + Math.sin(at * 1.7) > 0 ? "far" : "near");

/** Trains a run, and returns its id. */
async function train(settings: Record<string, unknown>): Promise<string> {
  expect(await trainCommand(context, parseSettings({ backend: "wasm", batchSize: 16, ...settings })), words()).toBe(0);
  const [run] = await connections().sql<{ id: string }[]>`
    select id from runs order by id desc limit 1`;
  return run!.id;
}

const words = () => said.join("\n");
const evaluate = (run: string, settings: Record<string, unknown>, by = context) =>
  evaluateCommand(by, run, parseEvaluationSettings({ backend: "wasm", ...settings }));
const final = (reason: string) => ({ split: "test", purpose: "final", reason });

/** The newest evaluation of a run, what its checkpoint measured in training, and the numbers of its report. */
async function evaluatedOf(run: string) {
  const [evaluation] = await listEvaluations(systemActor, run);
  const [checkpoint] = await connections().sql<{ values: Record<string, number> }[]>`
    select "values" from checkpoints where run_id = ${run} and id = ${evaluation!.checkpoint.id}`;
  const [report] = await connections().sql<{ panels: Panels }[]>`
    select panels from evaluation_reports where run_id = ${run} and evaluation_id = ${evaluation!.id}`;
  const { metrics } = report!.panels.panels.headline!;
  const numbers = new Map(metrics.map(({ metric, value }) => [metric as string, value as number]));
  return { evaluation: evaluation!, measured: checkpoint!.values, numbers };
}

test("a classifier's report has the accuracy that its training measured; the test split opens once, whatever breaks", async () => {
  const file = writeTable("classes.csv", "label", (at) => [sideOf(at)]);
  const run = await train({ data: file, epochs: 3, dropout: 0.2, units: [16] });
  expect(await evaluate(run, { split: "validation" }), words()).toBe(0);
  const validated = await evaluatedOf(run);
  expect(validated.evaluation).toMatchObject({ status: "done", split: "validation", scoresAre: "logits" });
  expect(validated.numbers.get("accuracy")).toBeCloseTo(validated.measured["validation/accuracy"]!, 12);
  const { cost, soundness } = (await requireComplete(run, validated.evaluation.id)).evaluation;
  expect(soundness).toMatchObject({ inferenceMode: true, repeatDifference: 0 });
  expect(cost).toMatchObject({ parameters: 3 * 16 + 17 * 2, batchSize: 1, latencyMsP50: expect.any(Number) });

  // the process dies between the last prediction and the word that all came
  const dying = new AbortController();
  server.loses = ({ path: asked }) => {
    if (asked.endsWith("/predictions")) dying.abort("SIGTERM");
    return dying.signal.aborted;
  };
  await expect(evaluate(run, final("for the paper"), { ...context, signal: dying.signal })).rejects.toThrow("SIGTERM");
  const [open] = await listEvaluations(systemActor, run);
  expect(open).toMatchObject({ status: "receiving", received: 40, split: "test" });
  // answers are lost as well; and nobody here knows the test labels
  const lost = new Set(["/predictions", "/complete"]);
  server.loses = ({ path: asked }) => [...lost].some((end) => asked.endsWith(end) && lost.delete(end));
  const blank = writeTable("blank.csv", "label", (at, isTest) => [isTest ? "" : sideOf(at)]);
  expect(await evaluate(run, { ...final("for the paper"), data: blank }), words()).toBe(0);
  expect(words()).toContain(`Going on with evaluation ${open!.id}, which has 40 of 40 predictions`);
  const tested = await evaluatedOf(run);
  expect(tested.evaluation).toMatchObject({ id: open!.id, status: "done", purpose: "final" });
  // again for the same reason, it is no other look; for another reason it is, and the same predictions are the same bytes
  expect(await evaluate(run, final("for the paper")), words()).toBe(0);
  expect(words()).toContain(`Evaluated already, for the same reason: evaluation ${open!.id}`);
  expect(await evaluate(run, { split: "test", purpose: "debugging", reason: "once more" }), words()).toBe(0);
  const again = await evaluatedOf(run);
  expect(again.evaluation.id).not.toBe(open!.id);
  expect(again.evaluation.predictions).toBe(tested.evaluation.predictions);
  const looks = await connections().sql`select from looks where run_id = ${run} and kind = 'evaluation'`;
  expect(looks).toHaveLength(2);
});

test("a run on a manifest with a referee split validates without it, and sends what it predicts of it", async () => {
  const file = writeTable("hidden.csv", "label", (at) => [sideOf(at)]);
  const fractions = "60/40/0";
  const [manifest] = await splitCommand(context, parseSplitSettings({ data: file, fractions }));
  const { keys } = await registerRefereeSplit(systemActor, project.id, manifest!, { seed: 3 });
  const run = await train({ data: file, manifest, epochs: 2, units: [8] });
  expect(words()).toContain(`${keys.length} predictions of the referee split are sent`);
  const [score] = await connections().sql<{ units: number }[]>`
    select length(scores) / 8 as units from referee_scores where run_id = ${run}`;
  expect(score!.units).toBe(keys.length);
});

test("a regression's report has the mean absolute error that its training measured, in the target's own unit", async () => {
  const file = writeTable("numbers.csv", "target", (at) => [1000 + 50 * Math.cos(at) - 20 * Math.sin(at * 1.7)]);
  const run = await train({ data: file, epochs: 4, units: [8] });
  expect(await evaluate(run, { split: "validation" }), words()).toBe(0);
  const { measured, numbers } = await evaluatedOf(run);
  expect(numbers.get("mae")! / measured["validation/mae"]!).toBeCloseTo(1, 9);
  expect(numbers.get("r-squared")).toBeCloseTo(measured["validation/r2"]!, 9);
});

test("a segmentation's report has the mean IoU that its training measured, of masks that the dataset was given", async () => {
  const settings = { data: "mnist-scenes", subset: 60, testSubset: 12, validationFraction: 0.3 };
  const run = await train({ ...settings, family: "unet", filters: [4, 4], epochs: 3, batchSize: 8, seed: 3 });
  expect(await evaluate(run, { split: "validation" }), words()).toBe(0);
  const { measured, evaluation, numbers } = await evaluatedOf(run);
  expect(evaluation).toMatchObject({ form: "mask", samples: 18, status: "done" });
  for (const [metric, logged] of Object.entries({ "mean-iou": "mean_iou", "pixel-accuracy": "pixel_accuracy" }))
    expect(numbers.get(metric), metric).toBeCloseTo(measured[`validation/${logged}`]!, 12);
});

test("any program streams predictions in batches of its own: repeated ones are stored once, others under a number are refused", async () => {
  const keys = Array.from({ length: 9 }, (_, at) => `k${at}`);
  const label = (at: number) => (at % 2 ? "cat" : "dog");
  const samples = keys.map((key, at) => ({ key, split: "validation" as const, label: label(at) }));
  const { project, run } = await newEvaluable([...samples, { key: "t", split: "test", label: "cat" }]);
  const { secret: token } = await newToken(project, "ingest");
  const options: EvaluationOptions = {
    url: server.url,
    token,
    id: uuidv7(),
    split: "validation",
    task: "classification",
    form: "scores",
    scoresAre: "probabilities",
    classes: ["cat", "dog"],
  };
  const rows = (from: number, wrong = 0) => {
    const share = Float32Array.from({ length: 3 }, (_, at) => (label(from + at) === "cat" ? 0.75 : 0.25) + wrong);
    return { scores: [share, share.map((one) => 1 - one)], keys: keys.slice(from, from + 3) };
  };
  const first = await openEvaluation(run, options);
  await first.add(rows(6));
  await first.add(rows(0));
  // the process dies here; another begins anew under the same id, its second answer is lost
  let isLost = false;
  server.loses = ({ body }) => {
    const loses = !isLost && body.includes('"sequence":2');
    isLost ||= loses;
    return loses;
  };
  const second = await openEvaluation(run, options);
  expect(await second.add(rows(6))).toMatchObject({ stored: false, duplicate: true, received: 6 });
  expect(await second.add(rows(0))).toMatchObject({ stored: false, duplicate: true, received: 6 });
  await expect(second.complete()).rejects.toThrow('predictions of 3 of 9 samples are missing: "k3", "k4", "k5"');
  await expect(second.add({ ...rows(3), keys: ["k3", "t", "z"] })).rejects.toThrow(/keys: .*"z".*"t" \(test\)/);
  expect(await second.add(rows(3))).toMatchObject({ stored: true, received: 9, samples: 9 });
  const third = await openEvaluation(run, options);
  await expect(third.add(rows(6, 0.125))).rejects.toThrow(/sequence: 1 is stored already, with other predictions/);
  expect(isLost).toBe(true);
  const shares: number[] = [];
  expect(await second.complete({ onProgress: (share) => shares.push(share) })).toMatchObject({ status: "done" });
  expect(shares.at(-1)).toBe(1);
  expect((await evaluatedOf(run)).numbers.get("accuracy")).toBe(1);
  await expect(openEvaluation(run, { ...options, classes: ["dog", "cat"] })).rejects.toThrow(/id: .* already/);
  await expect(openEvaluation(run, { ...options, split: "test" })).rejects.toThrow(/purpose: the test split is shut/);
  const shut = {
    ...options,
    ...({ split: "test", purpose: "final", reason: "I want to know" } as const),
    id: uuidv7(),
  };
  await expect(openEvaluation(run, shut)).rejects.toThrow(/tests.open needs a token of scope evaluate/);
});
