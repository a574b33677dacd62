/** Long series by the store's own functions: over HTTP they would take the time of the whole bench. */
import { systemActor } from "../lib/access/actor.ts";
import { appendBatch } from "../lib/metrics/append.ts";
import { compactRun, compactWhole } from "../lib/metrics/compact.ts";
import { BATCH_POINTS_MAX } from "../lib/wire/base/words.ts";
import { asOwner } from "./app.ts";
import type { Context } from "./harness.ts";
import type { Writer } from "./load.ts";
import { METRIC } from "./metric.ts";
import { newWriters } from "./runs.ts";
import { type PlantedCurve, stepsFrom, timesFrom } from "./series.ts";

/** So many are compacted together. */
const BATCHES_A_PASS = 5;

/** A run whose series train/loss is the curve, all of it in chunks. */
export async function seedRun(
  context: Context,
  name: string,
  curve: PlantedCurve,
  batchPoints = BATCH_POINTS_MAX,
): Promise<Writer> {
  const [writer] = await newWriters(context, 1, name);
  await appendCurve(writer!, curve, batchPoints);
  return writer!;
}

/** Appends the curve to a run that has none, and compacts as it goes. */
export async function appendCurve(writer: Writer, curve: PlantedCurve, batchPoints: number): Promise<void> {
  for (let from = 0; from < curve.length; from += batchPoints) {
    const count = Math.min(batchPoints, curve.length - from);
    const metrics = new Map([[METRIC, curve.values(from, count)]]);
    const groups = [{ split: "train" as const, steps: stepsFrom(from, count), times: timesFrom(from, count), metrics }];
    await appendBatch(systemActor, writer.run, { writer: writer.writer, sequence: ++writer.sent, groups });
    if (writer.sent % BATCHES_A_PASS === 0) await compactRun(writer.run, { wait: true });
  }
  await compactWhole(writer.run);
}

/** Gives other runs the same points, row by row as they are stored: to the store they are other series. */
export async function copyRun(context: Context, from: Writer, to: Writer[]): Promise<void> {
  await asOwner(context.app.ownerUrl, async (sql) => {
    for (const table of ["axes", "series", "chunks"])
      await sql.unsafe(
        `insert into ${table} select row.* from ${table} t cross join unnest($1::uuid[]) copy (id)
         cross join lateral jsonb_populate_record(t, jsonb_build_object('run_id', copy.id)) row where t.run_id = $2`,
        [to.map(({ run }) => run), from.run],
      );
    await sql.unsafe("analyze");
  });
}
