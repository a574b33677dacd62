/** Runs and writers for the load, and the check that what they sent is there. */
import { v4 as uuidv4 } from "uuid";
import { systemActor } from "../lib/access/actor.ts";
import { createRun } from "../lib/runs/runs.ts";
import { createWriter } from "../lib/runs/writers.ts";
import { decodePoints, POINTS_CONTENT_TYPE } from "../lib/wire/points/points-codec.ts";
import { type Context, WrongPoints } from "./harness.ts";
import type { Writer } from "./load.ts";
import { LoggedRun } from "./series.ts";

/** So many runs with one writer each, which have sent nothing. */
export async function newWriters(context: Context, count: number, name: string): Promise<Writer[]> {
  const made: Writer[] = [];
  for (let index = 0; index < count; index++) {
    const run = await createRun(systemActor, { project: context.project.id, name: `${name} ${index}` });
    const writer = uuidv4();
    await createWriter(systemActor, run.id, { writer });
    made.push({ run: run.id, writer, sent: 0 });
  }
  return made;
}

/** Steps of one question: few enough that the answer holds every point. */
const STEPS_A_QUESTION = 8000;

/**
 * Reads every point of the runs back over HTTP and compares it with what the generator sent: step, time aside, value by
 * value. Returns how many. Throws `WrongPoints` that names the first that is missing, doubled or different.
 */
export async function verifyPoints(
  context: Context,
  writers: Writer[],
  { metrics, steps, split = "train" }: { metrics: number; steps: number; split?: "train" | "validation" },
): Promise<number> {
  const logged = new LoggedRun(context.seed, metrics);
  let points = 0;
  for (const { run, sent } of writers)
    for (let from = 0; from < sent * steps; from += STEPS_A_QUESTION) {
      const count = Math.min(STEPS_A_QUESTION, sent * steps - from);
      // the last question is open to the right: what is there beyond the last step would be a point too many
      const to = from + count < sent * steps ? from + count - 1 : Number.MAX_SAFE_INTEGER;
      const found = await readPoints(
        context,
        run,
        logged.names.map((name) => `${split}/${name}`),
        from,
        to,
      );
      for (const [metric, name] of logged.names.entries()) {
        const one = found.find((series) => series.metric === name);
        const expected = logged.values(metric, from, count);
        const wrong = one
          ? expected.findIndex((value, at) => one.values[at] !== value || one.steps[at] !== from + at)
          : 0;
        if (one?.kind !== "raw" || one.steps.length !== count || wrong >= 0)
          throw new WrongPoints(
            `run ${run}, ${name}, from step ${from}: ${count} points were acknowledged, ${one?.steps.length ?? 0} are ` +
              `there${wrong >= 0 ? `; the first that differs is at step ${from + wrong}` : ""}`,
          );
        points += count;
      }
    }
  return points;
}

async function readPoints(context: Context, run: string, series: string[], from: number, to: number) {
  const url = new URL(`/api/v1/runs/${run}/metrics`, context.app.url);
  for (const one of series) url.searchParams.append("series", one);
  url.searchParams.set("from", String(from));
  url.searchParams.set("to", String(to));
  url.searchParams.set("px", "4000");
  const headers = { authorization: `Bearer ${context.tokens.read}`, accept: POINTS_CONTENT_TYPE };
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return decodePoints(await response.arrayBuffer());
}
