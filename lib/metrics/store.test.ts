import fc from "fast-check";
import { v4 as uuidv4 } from "uuid";
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { createWriter } from "../runs/writers.ts";
import { updateProject } from "../settings/project-settings.ts";
import { batchOf, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { fromWireFloat } from "../wire/base/words.ts";
import type { PointSeries } from "../wire/points/points.ts";
import { appendBatch } from "./append.ts";
import { compactRun, compactWhole, refreshSummaries } from "./compact.ts";
import { listSeries } from "./list-series.ts";
import { readPoints } from "./read-points.ts";
import { keepUp } from "./upkeep.ts";

prepareWorkspace();

type Model = Map<number, { value: number; rank: [number, number, number] }>;
const isLater = (a: number[], b: number[]) => (a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!) >= 0;

const seriesOf = (runId: string, range: { from?: number; to?: number; px: number }) =>
  readPoints(systemActor, { runs: [runId], series: ["train/loss"], ...range }).then(([one]) => one!);

const hotCount = async (runId: string) =>
  Number((await connections().sql`select count(*) from batches where run_id = ${runId}`)[0]!.count);

const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      writer: fc.nat({ max: 1 }),
      start: fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 9_000 })),
      length: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 4_000 })),
      stride: fc.integer({ min: 1, max: 3 }),
      seed: fc.nat({ max: 99 }),
      skips: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "compact" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "refresh" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("read" as const),
      from: fc.nat({ max: 9_000 }),
      width: fc.nat({ max: 5_000 }),
    }),
  },
);

const valueAt = (seed: number, index: number): number => {
  const noise = (Math.imul(index * 31 + seed, 2654435761) >>> 0) / 2 ** 32;
  return noise < 0.005 ? Number.NaN : noise < 0.01 ? Number.POSITIVE_INFINITY : noise - 0.5;
};

test("whatever is appended, whenever it is compacted, reads are what a plain array would give", async () => {
  const project = await newProject();
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 14 }), async (acts) => {
      const { run, writer } = await newRun(project);
      const writers = [writer, uuidv4()];
      await createWriter(systemActor, run.id, { writer: writers[1], mode: "join" });
      const model: Model = new Map();
      const sequences = [0, 0];
      const skipped: (() => Promise<unknown>)[] = [];
      for (const one of acts) {
        if (one.kind === "compact") await compactRun(run.id);
        else if (one.kind === "refresh") await refreshSummaries(run.id);
        else if (one.kind === "read" && model.size > 0)
          expectWindow(
            await seriesOf(run.id, { from: one.from, to: one.from + one.width, px: 50 }),
            model,
            one.from,
            one.from + one.width,
            50,
            skipped.length === 0,
          );
        else if (one.kind === "append") {
          const sequence = ++sequences[one.writer]!;
          const steps = Array.from({ length: one.length }, (_, index) => one.start + index * one.stride);
          const values = steps.map((_, index) => valueAt(one.seed, index));
          const send = () =>
            appendBatch(systemActor, run.id, batchOf(writers[one.writer]!, sequence, "train", steps, { loss: values }));
          // a batch that comes after later ones: the compactor stops before the gap
          if (one.skips) skipped.push(send);
          else expect(await send()).toMatchObject({ stored: true });
          for (const [index, step] of steps.entries()) {
            const rank: [number, number, number] = [one.writer, sequence, index];
            const known = model.get(step);
            if (!known || isLater(rank, known.rank)) model.set(step, { value: values[index]!, rank });
          }
        }
      }
      for (const send of skipped) await send();
      if (model.size === 0) return;
      await expectWhole(run.id, model);
      await compactWhole(run.id);
      expect(await hotCount(run.id)).toBe(0);
      await expectWhole(run.id, model);
    }),
    { seed: 21, numRuns: process.env.HOLDOUT_TEST_SLOW ? 150 : 8 },
  );
});

async function expectWhole(runId: string, model: Model): Promise<void> {
  const rising = [...model].sort(([a], [b]) => a - b);
  const all = await seriesOf(runId, { px: 4000 });
  if (all.kind === "raw") {
    expect([...all.steps]).toEqual(rising.map(([step]) => step));
    expect([...all.values]).toEqual(rising.map(([, { value }]) => value));
  }
  expectWindow(all, model, 0, Number.MAX_SAFE_INTEGER, 4000, true);
  expectWindow(await seriesOf(runId, { px: 60 }), model, 0, Number.MAX_SAFE_INTEGER, 60, true);
  const values = rising.map(([, { value }]) => value);
  const finite = values.filter(Number.isFinite);
  const [summary] = (await listSeries(systemActor, runId)).series;
  expect(summary).toMatchObject({
    count: values.length,
    nonFiniteCount: values.length - finite.length,
    stepLast: rising.at(-1)![0],
    min: finite.length > 0 ? Math.min(...finite) : null,
    max: finite.length > 0 ? Math.max(...finite) : null,
  });
  expect(fromWireFloat(summary!.last)).toBe(values.at(-1));
  if (finite.length > 0)
    expect(summary!.mean).toBeCloseTo(finite.reduce((sum, value) => sum + value, 0) / finite.length, 9);
}

/** Every point shown is real; the window's extremes, gaps and counts are all there. `isWhole`: nothing waits to be sent. */
function expectWindow(shown: PointSeries, model: Model, from: number, to: number, px: number, isWhole: boolean): void {
  if (!isWhole) return;
  const window = [...model].filter(([step]) => step >= from && step <= to);
  const finite = window.map(([, { value }]) => value).filter(Number.isFinite);
  expect(shown?.count ?? 0).toBe(window.length);
  if (window.length === 0) return;
  expect(shown.nonFiniteCount).toBe(window.length - finite.length);
  for (const [index, step] of shown.steps.entries()) expect(shown.values[index]).toBe(model.get(step)?.value);
  expect(shown.steps.length).toBeLessThanOrEqual(Math.max(5 * px, 4 * px));
  if (finite.length > 0) {
    expect([...shown.values]).toContain(Math.min(...finite));
    expect([...shown.values]).toContain(Math.max(...finite));
  }
  const total = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  if (shown.means && finite.length > 0) expect(Math.min(...shown.means.values)).toBeLessThanOrEqual(total + 1e-6);
}

test("of spikes more than two pixels apart each is shown, wherever the range begins and ends in the rows", async () => {
  const project = await newProject();
  const { run, writer } = await newRun(project);
  for (let batch = 0; batch < 4; batch++) {
    const steps = Array.from({ length: 10_000 }, (_, at) => batch * 10_000 + at);
    const points = batchOf(writer, batch + 1, "train", steps, { loss: steps.map(valueOfSpike) });
    await appendBatch(systemActor, run.id, points);
  }
  await compactWhole(run.id);
  for (const [from, width, px] of [
    [2_000, 3_000, 500],
    [1_000, 9_000, 1_000],
    [2_719, 17_000, 2_000],
    [0, 40_000, 3_000],
  ] as const) {
    const { steps, values: shown } = await seriesOf(run.id, { from, to: from + width - 1, px });
    const seen = new Map(Array.from(steps, (step, at) => [step, shown[at]]));
    const wanted = Array.from({ length: width }, (_, at) => from + at).filter(
      (step) => valueOfSpike(step) > 1 && noneHigher(step, (2 * width) / px + 1),
    );
    expect(wanted.length).toBeGreaterThan(100);
    expect(wanted.filter((step) => seen.get(step) !== valueOfSpike(step))).toEqual([]);
  }
});

/** Every 14th step is a spike, each of another height. */
const valueOfSpike = (step: number): number =>
  step % 14 === 0 ? 100 + (Math.imul(step, 2654435761) >>> 0) / 2 ** 32 : 0.5;
const noneHigher = (step: number, within: number): boolean => {
  for (let other = step - Math.floor(within); other <= step + within; other++)
    if (valueOfSpike(other) > valueOfSpike(step)) return false;
  return true;
};

test("a batch that was compacted is a duplicate for ever, also where its retry came in between", async () => {
  const { run, writer } = await newRun(await newProject());
  const batch = batchOf(writer, 1, "train", [0, 1], { loss: [3, 2] });
  await appendBatch(systemActor, run.id, batch);
  await compactRun(run.id);
  expect(await hotCount(run.id)).toBe(0);
  expect(await appendBatch(systemActor, run.id, batch)).toMatchObject({ stored: false, duplicate: true });
  expect(await hotCount(run.id)).toBe(0);
  expect((await seriesOf(run.id, { px: 100 })).count).toBe(2);
});

test("a row of a batch that is in chunks already is dead: nothing reads it, and it goes", async () => {
  const { run, writer } = await newRun(await newProject());
  const batch = batchOf(writer, 1, "train", [0, 1], { loss: [3, 2] });
  await appendBatch(systemActor, run.id, batch);
  const { sql } = connections();
  const [row] = await sql`select * from batches where run_id = ${run.id}`;
  await compactRun(run.id);
  await sql`insert into batches ${sql(row!)}`;
  expect((await seriesOf(run.id, { px: 100 })).overwrittenCount).toBe(0);
  expect((await listSeries(systemActor, run.id)).series[0]).toMatchObject({ count: 2, overwrittenCount: 0 });
  await keepUp(new Map());
  expect(await hotCount(run.id)).toBe(0);
});

test("the table's summary follows a batch by one pass, and a late one too", async () => {
  const { run, writer } = await newRun(await newProject());
  const row = async () => (await connections().sql`select count, min, last from series where run_id = ${run.id}`)[0];
  const seen = new Map<string, string>();
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [5, 6], { loss: [3, 2] }));
  await keepUp(seen);
  expect(await row()).toMatchObject({ count: "2", min: 2, last: 2 });
  await compactRun(run.id);
  await appendBatch(systemActor, run.id, batchOf(writer, 2, "train", [1], { loss: [-7] }));
  await keepUp(seen);
  expect(await row()).toMatchObject({ count: "3", min: -7, last: 2 });
});

test("every series has its value at the run's best step, also when the primary metric becomes another", async () => {
  const project = await newProject();
  await updateProject(systemActor, project.id, { primaryMetric: "accuracy", primaryDirection: "max" });
  const { run, writer } = await newRun(project);
  const best = async () =>
    Object.fromEntries(
      (await connections().sql`select split || '/' || metric as key, at_best from series where run_id = ${run.id}`).map(
        (row) => [row.key, row.at_best],
      ),
    );
  const log = (sequence: number, split: "train" | "validation", steps: number[], values: Record<string, number[]>) =>
    appendBatch(systemActor, run.id, batchOf(writer, sequence, split, steps, values));
  await log(1, "train", [0, 10, 20, 30], { loss: [4, 3, 2, 1] });
  await log(2, "validation", [12, 24, 36], { accuracy: [0.5, 0.9, 0.7], loss: [3, 2, 1] });
  const seen = new Map<string, string>();
  await keepUp(seen);
  expect(await best()).toEqual({ "train/loss": 2, "validation/accuracy": 0.9, "validation/loss": 2 });
  await compactRun(run.id);
  await log(3, "train", [23], { loss: [1.5] });
  await keepUp(seen);
  expect(await best()).toMatchObject({ "train/loss": 1.5 });
  await updateProject(systemActor, project.id, { primaryMetric: "loss", primaryDirection: "min" });
  await keepUp(seen);
  expect(await best()).toEqual({ "train/loss": 1, "validation/accuracy": 0.7, "validation/loss": 1 });
});

test("metrics logged together share one column of steps and times", async () => {
  const { run, writer } = await newRun(await newProject());
  const steps = Array.from({ length: 3000 }, (_, index) => index);
  const values = steps.map((step) => Math.sin(step));
  await appendBatch(
    systemActor,
    run.id,
    batchOf(writer, 1, "train", steps, { loss: values, accuracy: values, norm: values }),
  );
  await compactRun(run.id);
  const [rows] = await connections().sql`select (select count(*) from chunks where run_id = ${run.id}) chunks,
    (select count(*) from axes where run_id = ${run.id}) axes`;
  expect(rows).toEqual({ chunks: "9", axes: "3" });
});
