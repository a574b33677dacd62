/**
 * A run that has more points than when it was imported: the new ones alone are sent, by a writer of their own. Which points a
 * writer brought stands in a file of the run, so that a top-up that was killed goes on. A writer's id is made of all points
 * up to its last: where the server knows it, these are the points that were stored, each of them.
 */

import { z } from "zod";
import { Refused } from "../../../lib/sending/answers.ts";
import { deliverBatch, expected, registerWriter } from "../../../lib/sending/writer-calls.ts";
import { seriesListSchema } from "../../../lib/wire/points/series.ts";
import { seriesKey } from "../../../lib/wire/points/series-name.ts";
import { ask, download, patiently } from "../client/ask.ts";
import { putArtifact, routeOf } from "../client/delivery.ts";
import { send, type Target } from "../client/http.ts";
import { batchesOf } from "./batches.ts";
import { writerIdOf } from "./imported.ts";
import type { Series } from "./series.ts";

/** How many points each series has, by its key. */
type Extent = Record<string, number>;

const partSchema = z.object({ from: z.record(z.string(), z.int()), to: z.record(z.string(), z.int()) });
type Part = z.infer<typeof partSchema>;

/** A writer with what it brings: `there` points were brought before it. */
export type Share = { writer: string; series: Series[]; there: number; sequenceStored: number; isNew: boolean };

/** Part 1 is written of runs that go on alone: what others brought at first is what the server has. */
const pathOfPart = (number: number): string => `import/points-${number}.json`;

/**
 * What is to be sent of a run that the server has. `held`: its files by path. Null: it has points that the source hasn't, or
 * has otherwise.
 */
export async function shareOf(
  target: Target,
  run: string,
  all: Series[],
  facts: Record<string, string>,
  held: ReadonlyMap<string, string>,
): Promise<Share | null> {
  const parts = await partsOf(target, run, held);
  const whole = extentOf(all);
  const writer = writerIdOf(run, { series: all });
  const stored = await storedBy(target, run, writer);
  if (stored !== null) {
    const part = parts.findLast(({ to }) => areSame(to, whole));
    return { writer, ...between(all, part?.from ?? {}, whole), sequenceStored: stored, isNew: false };
  }
  const base = await lastPart(target, run, all, parts);
  if (base === null) return null;
  const number = parts[0]?.from && sizeOf(parts[0].from) === 0 ? parts.length + 1 : parts.length + 2;
  await putPart(target, run, { from: base, to: whole }, number);
  const registration = { writer, mode: "resume", reopen: true, environment: facts } as const;
  const sequenceStored = await registerWriter((sent) => ask(target, sent), run, registration);
  return { writer, ...between(all, base, whole), sequenceStored, isNew: true };
}

/** Notes what the first import of a run that goes on is to bring, before it does. */
export const noteFirst = (target: Target, run: string, all: Series[]): Promise<void> =>
  putPart(target, run, firstExtent(all), 1);

/** The same as a file, for who sends all at once. */
export const firstPart = (all: Series[]): { path: string; content: Uint8Array } => fileOf(firstExtent(all), 1);

const firstExtent = (all: Series[]): Part => ({ from: {}, to: extentOf(all) });

/** Up to where the server has the source's own points; what a killed top-up lacks is sent first. Null: nowhere. */
async function lastPart(target: Target, run: string, all: Series[], parts: Part[]): Promise<Extent | null> {
  const first = parts[0]?.from ?? (await extentThere(target, run));
  for (const { from, to } of [...parts, { from: {}, to: first }]
    .reverse()
    .sort((a, b) => sizeOf(b.to) - sizeOf(a.to))) {
    if (!isWithin(to, all)) continue;
    const writer = writerIdOf(run, { series: between(all, {}, to).series });
    const stored = await storedBy(target, run, writer);
    if (stored === null) continue;
    for (const { sequence, bytes } of batchesOf(writer, between(all, from, to).series))
      if (sequence > stored) await deliverBatch((sent) => ask(target, sent), run, bytes());
    return to;
  }
  return null;
}

/** The last batch that a writer stored; null where the run has no such writer: none is made where the run was started. */
async function storedBy(target: Target, run: string, writer: string): Promise<number | null> {
  try {
    return await registerWriter((sent) => ask(target, sent), run, { writer, mode: "start" });
  } catch (error) {
    if (error instanceof Refused && error.status === 409) return null;
    throw error;
  }
}

async function partsOf(target: Target, run: string, held: ReadonlyMap<string, string>): Promise<Part[]> {
  const parts: Part[] = [];
  for (let number = 1; number === 1 || held.has(pathOfPart(number)); number++) {
    if (!held.has(pathOfPart(number))) continue;
    const { path } = routeOf("listArtifacts", run);
    const bytes = await download(target, `${path}/${pathOfPart(number)}`);
    parts.push(partSchema.parse(JSON.parse(bytes.toString())));
  }
  return parts;
}

async function putPart(target: Target, run: string, part: Part, number: number): Promise<void> {
  const { path, content } = fileOf(part, number);
  const upload = { path, contentType: "application/json", checkpoint: null };
  await patiently(async () => send(target, await putArtifact(run, upload, content)));
}

const fileOf = (part: Part, number: number) => ({
  path: pathOfPart(number),
  content: Buffer.from(JSON.stringify(part)),
});

/** What one import alone brought: a step that was written again counts as often as it was. */
async function extentThere(target: Target, run: string): Promise<Extent> {
  const answer = await ask(target, routeOf("listSeries", run));
  const { series, quarantined } = expected(seriesListSchema.safeParse(answer));
  return Object.fromEntries([
    ...series.map((one) => [seriesKey(one), one.count + one.overwrittenCount] as const),
    ...quarantined.map((one) => [seriesKey(one), one.count] as const),
  ]);
}

const extentOf = (all: Series[]): Extent => Object.fromEntries(all.map((one) => [seriesKey(one), one.count]));
const sizeOf = (extent: Extent): number => Object.values(extent).reduce((sum, count) => sum + count, 0);
const areSame = (one: Extent, other: Extent): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([key, count]) => other[key] === count);

function isWithin(extent: Extent, all: Series[]): boolean {
  const whole = extentOf(all);
  return Object.entries(extent).every(([key, count]) => count <= (whole[key] ?? -1));
}

/** The points of each series behind `from` and up to `to`. */
function between(all: Series[], from: Extent, to: Extent): { series: Series[]; there: number } {
  const series = all.flatMap((one) => {
    const key = seriesKey(one);
    const [start, end] = [from[key] ?? 0, to[key] ?? 0];
    return end > start ? [one.part(start, end)] : [];
  });
  return { series, there: sizeOf(from) };
}
