/** `tail`: a run's new points as they come, until it ends. */
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { runStatuses, uuid, type WireFloat } from "../../../lib/wire/base/words.ts";
import { seriesPointsSchema } from "../../../lib/wire/points/points.ts";
import { seriesListSchema, splitAndMetric } from "../../../lib/wire/points/series.ts";
import { seriesKey, seriesWords } from "../../../lib/wire/points/series-name.ts";
import type { Api } from "../../../lib/wire/tools/tool.ts";
import { readInput } from "./command-line.ts";
import { toolHelp } from "./help.ts";
import { apiFor } from "./run-tool.ts";

const PAUSE_MS = 2_000;
/** More new points than this of a series at once are told by their extremes. */
const PX = 400;
const SERIES_MAX = 100;

const input = z.object({
  run: uuid.describe("id of a run"),
  series: z.array(splitAndMetric).max(SERIES_MAX).optional().describe("SPLIT/METRIC, - for no split; all if absent"),
});
export const tailHelp = { name: "tail", input, positional: ["run"], example: "tail RUN --series validation/accuracy" };

const stateSchema = z.object({ status: z.enum(runStatuses) });
type Point = { step: number; series: string; value: WireFloat };

/** Prints a line a point. Returns 0 where the run finished, 9 where it ended otherwise. */
export async function tailCommand(argv: string[]): Promise<number> {
  const { common, input: given } = readInput(tailHelp, argv);
  if (common.help) {
    const about = {
      summary: "A run's new points until it ends",
      scopes: ["ingest", "read", "evaluate", "admin"],
    } as const;
    const rest = { calls: [], reads: true, repeatable: true, run: async () => null } as const;
    console.log(toolHelp({ ...tailHelp, ...about, ...rest }));
    return 0;
  }
  const asked = input.strict().parse(given);
  const api = apiFor(common);
  const told = new Map<string, number>();
  for (;;) {
    // asked before the points: of a run that has ended none comes after
    const { status } = stateSchema.parse(await api({ route: "getRun", params: { run: asked.run } }));
    for (const point of await newPoints(api, asked, told))
      console.log(common.json ? JSON.stringify(point) : `${point.step}\t${point.series}\t${point.value}`);
    if (status !== "running" && status !== "queued") {
      if (!common.json) console.error(`holdout: the run is ${status}`);
      return status === "finished" ? 0 : 9;
    }
    await pause(PAUSE_MS);
  }
}

/** Points after those that were told, by step; `told` is brought up to them. */
async function newPoints(
  api: Api,
  { run, series: chosen }: z.output<typeof input>,
  told: Map<string, number>,
): Promise<Point[]> {
  const { series } = seriesListSchema.parse(await api({ route: "listSeries", params: { run } }));
  const known = new Map(series.map((one) => [seriesKey(one), one.stepLast]));
  const behind = (chosen ?? [...known.keys()].slice(0, SERIES_MAX)).filter(
    (name) => (known.get(name) ?? -1) > (told.get(name) ?? -1),
  );
  const points: Point[] = [];
  for (const name of behind) {
    const query = { series: name, from: (told.get(name) ?? -1) + 1, px: PX };
    const read = seriesPointsSchema.parse(await api({ route: "getPoints", params: { run }, query }));
    for (const one of read.series) {
      one.steps.forEach((step, place) => {
        points.push({ step, series: seriesWords(one), value: one.values[place]! });
      });
      told.set(name, Math.max(told.get(name) ?? -1, ...one.steps.slice(-1)));
    }
  }
  return points.sort((one, other) => one.step - other.step);
}
