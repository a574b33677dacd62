/** Points on their way in by two web servers on one database, against one. */
import { type Context, median, type Row, rowOf } from "../harness.ts";
import { load, type Writer } from "../load.ts";
import { newWriters, verifyPoints } from "../runs.ts";

const METRICS = 10;
const STEPS = 1000;
/** Of each of the two load generators. */
const WRITERS = 4;
const PAIRS = 5;

export async function twoServers(context: Context): Promise<Row[]> {
  const seconds = context.mode === "quick" ? 1 : 5;
  const second = await context.app.startBeside();
  const one = [context.app.url, context.app.url];
  const two = [context.app.url, second.url];
  const ratios: number[] = [];
  const alone: number[] = [];
  try {
    for (let pair = -1; pair < PAIRS; pair++) {
      // the first is for the just-in-time compilers; then by turns, so that neither is always first
      const order = pair % 2 === 0 ? [one, two] : [two, one];
      const rates = new Map<string[], number>();
      for (const urls of order) rates.set(urls, await pointsASecond(context, urls, pair < 0 ? 1 : seconds));
      if (pair < 0) continue;
      alone.push(rates.get(one)!);
      ratios.push(rates.get(two)! / rates.get(one)!);
    }
  } finally {
    await second.stop();
  }
  return [
    rowOf({
      id: "servers-ingest",
      name: "ingest by two web servers ÷ by one",
      unit: "×",
      bar: { atLeast: 0.9 },
      against: `two load generators of ${WRITERS} writers, binary, 10,000 points a request, both at one server: ${Math.round(median(alone))} points/s; every point read back`,
      samples: ratios,
    }),
  ];
}

/** Both generators at once, each at its server. */
async function pointsASecond(context: Context, urls: string[], seconds: number): Promise<number> {
  const groups: Writer[][] = [];
  for (const _ of urls) groups.push(await newWriters(context, WRITERS, "two servers"));
  const shared = { kind: "binary", token: context.tokens.ingest, seed: context.seed, seconds } as const;
  const done = await Promise.all(
    urls.map((url, at) => load({ ...shared, url, writers: groups[at]!, metrics: METRICS, steps: STEPS })),
  );
  for (const [at, { sent }] of done.entries())
    for (const [index, count] of sent.entries()) groups[at]![index]!.sent += count;
  for (const writers of groups) await verifyPoints(context, writers, { metrics: METRICS, steps: STEPS });
  return done.reduce((sum, { points, seconds: took }) => sum + points / took, 0);
}
