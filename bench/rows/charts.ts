/** Points on their way out: long series, many series, and whether a chart ever leaves a spike out. */
import { POINTS_CONTENT_TYPE } from "../../lib/wire/points/points-codec.ts";
import { type Context, median, quantile, type Row, rowOf, shown } from "../harness.ts";
import { getAll, type Writer } from "../load.ts";
import { METRIC } from "../metric.ts";
import { newWriters } from "../runs.ts";
import { copyRun, seedRun } from "../seed.ts";
import { PlantedCurve, randomOf } from "../series.ts";
import { countSpikes } from "./spikes.ts";

const ROUNDS = 5;
const ZOOMS = 200;
const PX = 1000;
const CURVES = 100;
const CURVE_POINTS = 1_000_000;

/** Rows 3 and 5 share the longest series, which takes a minute to make. */
export async function longSeries(context: Context): Promise<Row[]> {
  const most = context.mode === "quick" ? 10_000_000 : 100_000_000;
  const lengths = [10_000, 1_000_000, most];
  const curves = lengths.map((length, index) => {
    const planted = length === most ? { spikes: 1000, gaps: 100 } : {};
    return new PlantedCurve(context.seed + index, length, planted);
  });
  const runs: Writer[] = [];
  for (const curve of curves) {
    const begunAt = performance.now();
    runs.push(await seedRun(context, `${shown(curve.length)} points`, curve));
    context.say(`${shown(curve.length)} points stored in ${shown((performance.now() - begunAt) / 1000)} s`);
  }
  return [...(await flatness(context, runs, lengths)), ...(await countSpikes(context, runs.at(-1)!, curves.at(-1)!))];
}

async function flatness(context: Context, runs: Writer[], lengths: number[]): Promise<Row[]> {
  const random = randomOf(context.seed + 100);
  const latencies = lengths.map(() => [] as number[][]);
  for (let round = -1; round < ROUNDS; round++) {
    // one of each length in turn, so that whatever else goes on meets all three alike
    const urls = Array.from({ length: ZOOMS / ROUNDS }, (_, zoom) =>
      runs.map(({ run }, index) => zoomUrl(context, run, lengths[index]!, zoom === 0 ? null : random)),
    ).flat();
    const done = await getAll({ urls, token: context.tokens.read, accept: POINTS_CONTENT_TYPE });
    if (round < 0) continue;
    for (const [index, of] of latencies.entries())
      of.push(done.latenciesMs.filter((_, at) => at % lengths.length === index));
  }
  const [, million, longest] = latencies.map((rounds) => rounds.map(median));
  const all = latencies.flat(2);
  const p50 = lengths.map((length, index) => `${shown(length)}: ${median(latencies[index]!.flat()).toFixed(1)} ms`);
  return [
    rowOf({
      id: "3a",
      name: `chart of ${shown(lengths.at(-1)!)} points ÷ of 1,000,000, p50`,
      unit: "×",
      bar: { atMost: 1.25 },
      against: `overview and ${ZOOMS} random zooms of each, ${PX} px, interleaved; p50 ${p50.join(", ")}`,
      samples: longest!.map((value, round) => value / million![round]!),
    }),
    rowOf({
      id: "3b",
      name: "chart of one series, all lengths, p95",
      unit: "ms",
      bar: { atMost: 10, by: "handler" },
      against: "the same requests, binary columns over HTTP, one after the other",
      value: quantile(all, 0.95),
      samples: latencies[0]!.map((_, round) =>
        quantile(
          latencies.flatMap((rounds) => rounds[round]!),
          0.95,
        ),
      ),
    }),
  ];
}

/** All of a series, or a stretch of it: of any length from 1,000 steps to the whole, each order of magnitude alike often. */
function zoomUrl(context: Context, run: string, length: number, random: (() => number) | null): string {
  const url = new URL(`/api/v1/runs/${run}/metrics`, context.app.url);
  url.searchParams.set("series", `train/${METRIC}`);
  url.searchParams.set("px", String(PX));
  if (random) {
    const width = Math.round(1000 * (length / 1000) ** random());
    const from = Math.floor(random() * (length - width));
    url.searchParams.set("from", String(from));
    url.searchParams.set("to", String(from + width - 1));
  }
  return url.href;
}

/** One metric of many runs in one request. */
export async function manyCurves(context: Context): Promise<Row[]> {
  const first = await seedRun(context, "one of many", new PlantedCurve(context.seed + 200, CURVE_POINTS));
  const others = await newWriters(context, CURVES - 1, "one of many");
  await copyRun(context, first, others);
  const url = new URL(`/api/v1/projects/${context.project.slug}/points`, context.app.url);
  for (const { run } of [first, ...others]) url.searchParams.append("run", run);
  url.searchParams.set("series", `train/${METRIC}`);
  url.searchParams.set("px", "300");
  const rounds: number[][] = [];
  let bytes = 0;
  for (let round = -1; round < ROUNDS; round++) {
    const urls = Array<string>(context.mode === "quick" ? 10 : 30).fill(url.href);
    const done = await getAll({ urls, token: context.tokens.read, accept: POINTS_CONTENT_TYPE });
    bytes = done.bytes / urls.length;
    if (round >= 0) rounds.push(done.latenciesMs);
  }
  return [
    rowOf({
      id: "4",
      name: `${CURVES} runs × 1,000,000 points, one metric, one request: p50`,
      unit: "ms",
      bar: { atMost: 50, by: "loop" },
      against: `300 px, binary columns to the last byte, ${shown(bytes / 1000)} kB; the runs hold copies of one run's rows`,
      samples: rounds.map(median),
    }),
  ];
}
