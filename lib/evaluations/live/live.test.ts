import { createHash } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { systemActor } from "../../access/actor.ts";
import { runJobsUntil } from "../../jobs/jobs.ts";
import { prepareWorkspace } from "../../test-workspace.ts";
import { locateEvaluation } from "../evaluations.ts";
import { exportPredictions } from "../export-predictions.ts";
import { readReportCsv, readReportFile, verifyReport } from "../report-file.ts";
import {
  type Evaluable,
  evaluate,
  newCheckpointRun,
  newEvaluable,
  newManifestOf,
  type TestSample,
} from "../test-evaluation.ts";
import { compareEvaluations } from "./comparison.ts";
import { gapOf } from "./gap.ts";
import { PAIR_JOB, pairEvaluations, pairProgram } from "./pairing.ts";
import { readReportPage } from "./report-page.ts";
import { listEvaluatedSamples } from "./samples.ts";
import { readSelection } from "./selection.ts";

prepareWorkspace();

const classes = ["cat", "dog"];
const SAMPLES = 60;
const keyOf = (at: number) => `v${String(at).padStart(3, "0")}`;
const labelOf = (at: number) => classes[at % 2]!;
const samples: TestSample[] = [
  ...Array.from({ length: SAMPLES }, (_, at) => ({ key: keyOf(at), split: "validation" as const, label: labelOf(at) })),
  ...Array.from({ length: SAMPLES }, (_, at) => ({ key: `t${at}`, split: "test" as const, label: labelOf(at) })),
];

/** A model that is sure of its answers, and wrong on the first so many samples, the more sure the earlier. */
function scoresOf(wrong: number) {
  const cat = Array.from({ length: SAMPLES }, (_, at) => {
    const sure = 0.99 - at * 0.002;
    return (labelOf(at) === "cat") === at >= wrong ? sure : 1 - sure;
  });
  return [cat, cat.map((p) => 1 - p)];
}

const validation = (wrong: number, keys = Array.from({ length: SAMPLES }, (_, at) => keyOf(at))) => ({
  input: { split: "validation", task: "classification", form: "scores", scoresAre: "probabilities", classes } as const,
  batch: { sequence: 1, keys, scores: scoresOf(wrong) },
});

let place: Evaluable;
let good: { run: string; evaluation: string };
let bad: { run: string; evaluation: string };

beforeAll(async () => {
  place = await newEvaluable(samples);
  const other = await newCheckpointRun(place.project, place.manifest);
  good = { run: place.run, evaluation: (await evaluate(place.run, validation(3))).id };
  bad = { run: other.run, evaluation: (await evaluate(other.run, validation(30))).id };
});

test("a report's file has the digest that the page prints, and no other file is it", async () => {
  const { text, digest } = await readReportFile(systemActor, good.run, good.evaluation);
  const sha256 = createHash("sha256").update(text).digest("hex");
  expect(sha256).toBe(digest);
  const verify = (of: string) => verifyReport(systemActor, good.run, good.evaluation, { sha256: of });
  expect(await verify(sha256)).toEqual({ matches: true, version: expect.any(Number), digest });
  const changed = createHash("sha256").update(text.replace("0.95", "0.94")).digest("hex");
  expect(await verify(changed)).toMatchObject({ matches: false, version: null });
  await expect(verify("short")).rejects.toThrow(/sha256/);
  expect(await readReportCsv(systemActor, good.run, good.evaluation)).toContain('headline,"",accuracy,0.95,');
});

test("samples come the worst first, and by cell, answer and slice", async () => {
  const ask = (query: object) => listEvaluatedSamples(systemActor, good.run, good.evaluation, query);
  const all = await ask({});
  expect(all.total).toBe(SAMPLES);
  expect(all.samples.slice(0, 3).map(({ key }) => key)).toEqual(["v000", "v001", "v002"]);
  expect(all.samples[0]).toMatchObject({ truth: "cat", predicted: "dog", thumbnail: false });
  expect((await ask({ truth: "dog", predicted: "cat" })).samples.map(({ key }) => key)).toEqual(["v001"]);
  expect(await ask({ answer: "wrong", from: 2 })).toMatchObject({ total: 3, samples: [{ key: "v002" }] });
  expect((await ask({ by: "label", slice: "dog", answer: "wrong" })).total).toBe(1);
  await expect(ask({ truth: "horse" })).rejects.toThrow('truth: "horse" is no class of this evaluation');
  await expect(ask({ by: "weather", slice: "rain" })).rejects.toThrow(/by: "weather" is none of label/);
});

test("predictions leave as they came, and without a label", async () => {
  const read = async (format: "csv" | "jsonl") => {
    const pieces: Uint8Array[] = [];
    for await (const piece of exportPredictions(systemActor, good, format)) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };
  const [head, first] = (await read("csv")).split("\r\n");
  expect(head).toBe("key,score cat,score dog");
  expect(first!.split(",")[0]).toBe("v000");
  expect(Number(first!.split(",")[1])).toBeCloseTo(0.01, 6);
  expect(Object.keys(JSON.parse((await read("jsonl")).split("\n")[0]!))).toEqual(["key", "score cat", "score dog"]);
});

test("where labels are sealed no sample is shown", async () => {
  const sealed = await newEvaluable(samples, { sealed: true });
  const { id } = await evaluate(sealed.run, {
    input: { ...validation(3).input, split: "test", purpose: "final", reason: "once" },
    batch: { ...validation(3).batch, keys: Array.from({ length: SAMPLES }, (_, at) => `t${at}`) },
  });
  await expect(listEvaluatedSamples(systemActor, sealed.run, id, {})).rejects.toThrow(/sealed/);
  expect(await readReportPage(systemActor, sealed.run, id)).toMatchObject({ sealed: true });
});

test("a better model is told, with the samples on which the two differ", async () => {
  const asked = { projectId: place.project.id, metric: null, smallest: null };
  const { data, keys, leftOut } = await compareEvaluations(systemActor, [bad, good], asked);
  expect(leftOut).toBe(0);
  const [row] = data.comparisons;
  expect(row).toMatchObject({ decision: "better", agreement: { onlyModel: 27, onlyBaseline: 0 } });
  expect(row!.difference).toBeCloseTo(0.45, 12);
  expect(keys.get(row!.gained.rows[0]!.sample)).toMatch(/^v0/);
  await expect(compareEvaluations(systemActor, [good], asked)).rejects.toThrow(/two to 20/);
  await expect(compareEvaluations(systemActor, [good, good], asked)).rejects.toThrow(/twice/);
});

test("a comparison that takes long is a job's, gives the same, and is kept for whoever asks again", async () => {
  const records = await Promise.all(
    [bad, good].map(({ run, evaluation }) => locateEvaluation(systemActor, run, evaluation, "evaluations.read")),
  );
  const question = { metric: "accuracy", smallest: null } as const;
  const atOnce = await pairEvaluations(records, question, { field: "e" });
  const stop = new AbortController();
  const worker = runJobsUntil(stop.signal, { [PAIR_JOB]: pairProgram });
  expect(await pairEvaluations(records, question, { field: "e", atOnce: 0 })).toEqual(atOnce);
  const lacking = pairEvaluations(records, { metric: "max-error", smallest: null }, { field: "e", atOnce: 0 });
  await expect(lacking).rejects.toMatchObject({ kind: "invalid", errors: [{ field: "e" }] });
  stop.abort();
  await worker;
  expect(await pairEvaluations(records, question, { field: "e", atOnce: 0 })).toEqual(atOnce);
});

test("of other splits the samples that both have are compared, and it is said", async () => {
  const some = samples.filter(({ key, split }) => split === "test" || key >= keyOf(20));
  const manifest = await newManifestOf(place.project, some);
  const { run } = await newCheckpointRun(place.project, manifest);
  const keys = some.filter(({ split }) => split === "validation").map(({ key }) => key);
  const scores = scoresOf(0).map((column) => column.slice(20));
  const { id } = await evaluate(run, { ...validation(0), batch: { sequence: 1, keys, scores } });
  const asked = { projectId: place.project.id, metric: null, smallest: null };
  const { data, leftOut } = await compareEvaluations(systemActor, [bad, { run, evaluation: id }], asked);
  expect([data.samples, leftOut]).toEqual([40, 20]);
  expect(data.comparisons[0]!.agreement).toMatchObject({ onlyModel: 10, onlyBaseline: 0 });
});

test("the page finds what stands beside: the gap to test, and the luck of the best", async () => {
  const page = await readReportPage(systemActor, good.run, good.evaluation);
  expect(gapOf(page.evaluation, page.beside)).toBeNull();
  const selection = await readSelection(page.beside);
  expect(selection!.candidates.map(({ value }) => value).sort()).toEqual([0.5, 0.95]);
  expect(selection!.luck!.corrected).toBeLessThanOrEqual(selection!.luck!.best);
  await evaluate(good.run, {
    input: { ...validation(3).input, split: "test", purpose: "final", reason: "once" },
    batch: { ...validation(6).batch, keys: Array.from({ length: SAMPLES }, (_, at) => `t${at}`) },
  });
  const after = await readReportPage(systemActor, good.run, good.evaluation);
  expect(after.beside.map(({ split, look }) => [split, look]).filter(([split]) => split === "test")).toEqual([
    ["test", 1],
  ]);
  expect(after.beside.filter(({ split }) => split === "validation").every(({ look }) => look === null)).toBe(true);
  const gap = gapOf(after.evaluation, after.beside)!;
  expect(gap.gap!.difference).toBeLessThan(0);
  expect(gap.gap!.low).toBeLessThan(gap.gap!.difference);
});
