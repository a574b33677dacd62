import { Readable } from "node:stream";
import { beforeAll, expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { putArtifact } from "../artifacts/artifacts.ts";
import {
  type Evaluable,
  evaluate,
  newCheckpointRun,
  newEvaluable,
  type TestSample,
} from "../evaluations/test-evaluation.ts";
import { appendBatch } from "../metrics/append.ts";
import { refreshSummaries } from "../metrics/compact.ts";
import { batchOf, newProject, newRun, newToken, prepareWorkspace } from "../test-workspace.ts";
import { imagePath } from "../wire/artifacts.ts";
import { readAnswers } from "./read-answers.ts";
import { readImages } from "./read-images.ts";
import { readSeriesNames } from "./read-series-names.ts";

prepareWorkspace();

const samples: TestSample[] = ["v0", "v1", "v2", "v3", "t0"].map((key, at) => ({
  key,
  split: key.startsWith("v") ? "validation" : "test",
  label: at % 2 === 0 ? "cat" : "dog",
}));
const answering = (classes: string[], answers: string[]) => ({
  input: { split: "validation", task: "classification", form: "class", classes } as const,
  batch: {
    sequence: 1,
    keys: ["v0", "v1", "v2", "v3"],
    classes: answers,
  },
});

let place: Evaluable;
let other: string;

beforeAll(async () => {
  place = await newEvaluable(samples);
  other = (await newCheckpointRun(place.project, place.manifest)).run;
});

const put = (run: string, path: string) =>
  putArtifact(systemActor, run, {
    path,
    contentType: "image/png",
    expectedSha256: null,
    content: Readable.from([`${run} ${path}`]),
  });

test("pictures are listed by key and run in the order of their steps, and other files are none", async () => {
  for (const step of [900, 20, 1000]) await put(place.run, imagePath("filters/conv1", step));
  // by their paths alone it would stand behind the others
  for (const run of [place.run, other]) await put(run, "images/filters/conv1/3.png");
  for (const path of ["images/noted.txt", "images0/a/1.png", "model.png"]) await put(other, path);
  const { keys, isCut } = await readImages(systemActor, place.project.id, [place.run, other]);
  expect(isCut).toBe(false);
  expect(keys).toEqual([
    {
      key: "filters/conv1",
      byRun: {
        [place.run]: [
          [3, "images/filters/conv1/3.png"],
          ...[20, 900, 1000].map((step) => [step, imagePath("filters/conv1", step)]),
        ],
        [other]: [[3, "images/filters/conv1/3.png"]],
      },
    },
  ]);
  const stranger = await newProject("Stranger");
  expect((await readImages(systemActor, stranger.id, [place.run])).keys).toEqual([]);
});

test("answers stand by label whatever the order of a model's classes, those that differ first, and sealed ones never", async () => {
  const ids = [place.run, other];
  expect(await readAnswers(systemActor, place.project.id, ids)).toBeNull();
  const first = await evaluate(place.run, answering(["cat", "dog"], ["cat", "dog", "dog", "dog"]));
  await evaluate(other, answering(["dog", "cat"], ["cat", "cat", "dog", "dog"]));
  const found = await readAnswers(systemActor, place.project.id, ids);
  expect(found).toMatchObject({ task: "classification", total: 4, differing: 1, others: 0 });
  expect(found!.runs[0]).toMatchObject({ run: place.run, evaluation: first.id });
  expect(found!.samples.map(({ key, truth, answers }) => [key, truth, ...answers])).toEqual([
    ["v1", "dog", "dog", "cat"],
    ["v2", "cat", "dog", "dog"],
    ["v0", "cat", "cat", "cat"],
    ["v3", "dog", "dog", "dog"],
  ]);
  const { actor: stranger } = await newToken(await newProject("Another"), "ingest");
  await expect(readAnswers(stranger, place.project.id, ids)).rejects.toThrow();
  const sealed = await newEvaluable(samples, { sealed: true, sealedSplit: "validation" });
  await evaluate(sealed.run, answering(["cat", "dog"], ["cat", "dog", "dog", "dog"]));
  expect(await readAnswers(systemActor, sealed.project.id, [sealed.run])).toBeNull();
});

test("series are named once for all runs, those of the machine never", async () => {
  const project = await newProject("Named");
  const runs = [await newRun(project), await newRun(project)];
  for (const { run, writer } of runs) {
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [1, 2], { loss: [2, 1], "system/cpu": [0, 1] }));
    await appendBatch(systemActor, run.id, batchOf(writer, 2, null, [1], { learningRate: [0.1] }));
    await refreshSummaries(run.id);
  }
  const ids = runs.map(({ run }) => run.id);
  expect(await readSeriesNames(systemActor, project.id, ids)).toEqual([
    { split: null, metric: "learningRate", direction: null, unit: "" },
    { split: "train", metric: "loss", direction: null, unit: "" },
  ]);
});
