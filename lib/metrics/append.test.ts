import fc from "fast-check";
import { v4 as uuidv4 } from "uuid";
import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { listLooks } from "../looks/looks.ts";
import { declareMetrics } from "../projects/declarations.ts";
import { finishRun } from "../runs/status.ts";
import { createWriter } from "../runs/writers.ts";
import { batchOf, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { fromWireFloat } from "../wire/base/words.ts";
import { toWirePoints } from "../wire/points/points.ts";
import { appendBatch } from "./append.ts";
import { listSeries } from "./list-series.ts";
import { readPoints } from "./read-points.ts";

prepareWorkspace();

const read = async (runId: string, key = "train/loss") => {
  const [points] = toWirePoints(await readPoints(systemActor, { runs: [runId], series: [key], px: 1000 })).series;
  return points!.steps.map((step, index) => [step, fromWireFloat(points!.values[index]!)]);
};

test("a retried batch stores nothing twice, and says so", async () => {
  const { run, writer } = await newRun(await newProject());
  const batch = batchOf(writer, 1, "train", [0, 1, 2], { loss: [3, 2, 1] });
  expect(await appendBatch(systemActor, run.id, batch)).toMatchObject({ stored: true, duplicate: false, points: 3 });
  expect(await appendBatch(systemActor, run.id, batch)).toMatchObject({ stored: false, duplicate: true });
  expect(await read(run.id)).toEqual([
    [0, 3],
    [1, 2],
    [2, 1],
  ]);
  expect((await listSeries(systemActor, run.id)).series[0]).toMatchObject({ count: 3, overwrittenCount: 0, mean: 2 });
});

test("ten copies of a batch sent at once are stored once", async () => {
  const { run, writer } = await newRun(await newProject());
  const batch = batchOf(writer, 1, "train", [0, 1], { loss: [3, 2] });
  const answers = await Promise.all(Array.from({ length: 10 }, () => appendBatch(systemActor, run.id, batch)));
  expect(answers.filter((answer) => answer.stored)).toHaveLength(1);
  expect((await listSeries(systemActor, run.id)).series[0]?.count).toBe(2);
});

test("a sequence used again with other points is a conflict, and changes nothing", async () => {
  const { run, writer } = await newRun(await newProject());
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [0], { loss: [3] }));
  const other = appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [0], { loss: [4] }));
  await expect(other).rejects.toMatchObject({ status: 409, errors: [{ field: "sequence" }] });
  expect(await read(run.id)).toEqual([[0, 3]]);
});

test("a writer that is unknown is refused by name", async () => {
  const { run } = await newRun(await newProject());
  const lost = appendBatch(systemActor, run.id, batchOf(uuidv4(), 1, "train", [0], { loss: [3] }));
  await expect(lost).rejects.toMatchObject({ status: 404, errors: [{ field: "writer" }] });
});

test("a step written again by a resumed attempt takes the later value, even if it arrives first", async () => {
  const { run, writer } = await newRun(await newProject());
  const resumed = uuidv4();
  await createWriter(systemActor, run.id, { writer: resumed, mode: "resume", resumeStep: 1 });
  await appendBatch(systemActor, run.id, batchOf(resumed, 1, "train", [2, 3], { loss: [20, 30] }));
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [0, 1, 2], { loss: [0, 1, 2] }));
  expect(await read(run.id)).toEqual([
    [0, 0],
    [1, 1],
    [2, 20],
    [3, 30],
  ]);
  expect((await listSeries(systemActor, run.id)).series[0]).toMatchObject({ count: 4, overwrittenCount: 1, max: 30 });
});

test("a finished run takes the rest of a writer that it had, and no new writer", async () => {
  const { run, writer } = await newRun(await newProject());
  await finishRun(systemActor, run.id, { status: "finished" });
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [0], { loss: [1] }));
  expect(await read(run.id)).toEqual([[0, 1]]);
  const late = createWriter(systemActor, run.id, { writer: uuidv4(), mode: "resume" });
  await expect(late).rejects.toMatchObject({ status: 409 });
});

test("NaN and the infinities are kept, counted, and left out of min, max and mean", async () => {
  const { run, writer } = await newRun(await newProject());
  const values = [1, Number.NaN, Number.POSITIVE_INFINITY, 3, Number.NEGATIVE_INFINITY];
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [0, 1, 2, 3, 4], { loss: values }));
  expect((await read(run.id)).map(([, value]) => value)).toEqual(values);
  expect((await listSeries(systemActor, run.id)).series[0]).toMatchObject({
    last: "-Infinity",
    min: 1,
    max: 3,
    mean: 2,
    nonFiniteCount: 3,
  });
});

test("the largest step is kept exactly", async () => {
  const { run, writer } = await newRun(await newProject());
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [Number.MAX_SAFE_INTEGER], { loss: [1] }));
  expect((await listSeries(systemActor, run.id)).series[0]?.stepLast).toBe(Number.MAX_SAFE_INTEGER);
});

test("a test series is accepted, quarantined, and counted as one look", async () => {
  const { run, writer } = await newRun(await newProject());
  for (const sequence of [1, 2])
    expect(
      await appendBatch(
        systemActor,
        run.id,
        batchOf(writer, sequence, null, [sequence], { test_acc: [0.9], loss: [1] }),
      ),
    ).toMatchObject({ stored: true, quarantined: ["-/test_acc"] });
  const listed = await listSeries(systemActor, run.id);
  expect(listed.series.map((series) => series.metric)).toEqual(["loss"]);
  expect(listed.quarantined).toEqual([{ split: null, metric: "test_acc", count: 2, reason: "test" }]);
  const chart = readPoints(systemActor, { runs: [run.id], series: ["-/test_acc"], px: 100 });
  await expect(chart).rejects.toMatchObject({ status: 403 });
  expect(await listLooks(systemActor, (await newProject()).id, run.id)).toEqual([]);
  const looks = await listLooks(systemActor, run.projectId, run.id);
  expect(looks).toMatchObject([{ kind: "logged", reason: "-/test_acc", testDigest: null }]);
});

test("a declared metric shows its direction and unit", async () => {
  const project = await newProject();
  await declareMetrics(systemActor, project.id, { metrics: [{ name: "loss", direction: "min", unit: "nat" }] });
  const { run, writer } = await newRun(project);
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [0], { loss: [1] }));
  expect((await listSeries(systemActor, run.id)).series[0]).toMatchObject({ direction: "min", unit: "nat" });
});

test("whatever batches come, in whatever order and however often, the series is what a plain map would hold", async () => {
  const project = await newProject();
  const batches = fc.array(
    fc.record({
      writer: fc.nat({ max: 1 }),
      points: fc.array(fc.tuple(fc.nat({ max: 12 }), fc.double({ noNaN: true, min: -9, max: 9 })), {
        minLength: 1,
        maxLength: 5,
      }),
      copies: fc.integer({ min: 1, max: 2 }),
    }),
    { minLength: 1, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(batches, fc.infiniteStream(fc.nat()), async (given, shuffle) => {
      const { run, writer } = await newRun(project);
      const second = uuidv4();
      await createWriter(systemActor, run.id, { writer: second, mode: "resume" });
      const numbered = given.map(({ writer: which, points, copies }, index) => ({ which, points, copies, index }));
      const sends = numbered
        .flatMap((batch) => Array.from({ length: batch.copies }, () => batch))
        .map((batch) => ({ batch, order: shuffle.next().value }))
        .sort((a, b) => a.order - b.order);
      for (const { batch } of sends) {
        const [steps, values] = [batch.points.map(([step]) => step), batch.points.map(([, value]) => value)];
        const from = batch.which === 0 ? writer : second;
        await appendBatch(systemActor, run.id, batchOf(from, batch.index + 1, "train", steps, { loss: values }));
      }
      const written = [0, 1].flatMap((which) => numbered.filter((batch) => batch.which === which));
      const model = [...new Map(written.flatMap((batch) => batch.points)).entries()].sort(([a], [b]) => a - b);
      expect(await read(run.id)).toEqual(model);
      const [summary] = (await listSeries(systemActor, run.id)).series;
      expect(summary).toMatchObject({ count: model.length, last: model.at(-1)?.[1] });
      expect(summary?.min).toBe(Math.min(...model.map(([, value]) => value)));
    }),
    { seed: 11, numRuns: process.env.HOLDOUT_TEST_SLOW ? 300 : 15 },
  );
});
