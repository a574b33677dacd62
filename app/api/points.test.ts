/** A chart's answer is sent once: who has it is told so, until something was stored. */
import { beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { appendBatch } from "@/lib/metrics/append.ts";
import { compactRun } from "@/lib/metrics/compact.ts";
import { batchOf, newProject, newRun, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import { fromWireFloat } from "@/lib/wire/base/words.ts";
import { type PointSeries, type SeriesPoints, seriesPointsSchema } from "@/lib/wire/points/points.ts";
import { decodePoints, POINTS_CONTENT_TYPE } from "@/lib/wire/points/points-codec.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { GET } from "./v1/runs/[run]/metrics/route.ts";

prepareWorkspace();
const fixture = {} as { project: Project; secret: string; stranger: string; run: string; writer: string };

beforeAll(async () => {
  const project = await newProject();
  const { run, writer } = await newRun(project);
  const { secret } = await newToken(project, "read");
  const { secret: stranger } = await newToken(await newProject(), "read");
  Object.assign(fixture, { project, secret, stranger, run: run.id, writer });
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [0, 1], { loss: [3, 2] }));
});

function ask(headers: Record<string, string> = {}, query = "series=train/loss", run = fixture.run): Promise<Response> {
  const request = new Request(`${TEST_ORIGIN}/api/v1/runs/${run}/metrics?${query}`, {
    headers: { authorization: `Bearer ${fixture.secret}`, accept: POINTS_CONTENT_TYPE, ...headers },
  });
  return GET(request, { params: Promise.resolve({ run }) });
}

const tagOf = (response: Response) => response.headers.get("etag")!;

test("who has the points is told so, also after they became a chunk, and until a batch comes", async () => {
  const first = await ask();
  expect(first.status).toBe(200);
  expect(decodePoints(await first.arrayBuffer())[0]).toMatchObject({ kind: "raw", count: 2 });
  const known = { "if-none-match": tagOf(first) };
  expect((await ask(known)).status).toBe(304);
  await compactRun(fixture.run);
  expect((await ask(known)).status).toBe(304);
  await appendBatch(systemActor, fixture.run, batchOf(fixture.writer, 2, "train", [2], { loss: [1] }));
  const second = await ask(known);
  expect(second.status).toBe(200);
  expect(decodePoints(await second.arrayBuffer())[0]).toMatchObject({ count: 3 });
  expect(tagOf(second)).not.toBe(known["if-none-match"]);
});

test("a tag is of one question and one form", async () => {
  const known = { "if-none-match": tagOf(await ask()) };
  expect((await ask(known, "series=train/loss&px=50")).status).toBe(200);
  const json = await ask({ ...known, accept: "application/json" });
  expect(json.status).toBe(200);
  expect((await ask({ accept: "application/json", "if-none-match": tagOf(json) })).status).toBe(304);
});

test("a token of another project learns nothing, whether it knows the tag or not", async () => {
  const known = { "if-none-match": tagOf(await ask()) };
  const authorization = `Bearer ${fixture.stranger}`;
  expect((await ask({ authorization })).status).toBe(404);
  expect((await ask({ authorization, ...known })).status).toBe(404);
});

test("who sends points is told whether somebody who may read them does", async () => {
  const { run, writer } = await newRun(fixture.project);
  const send = (sequence: number) =>
    appendBatch(systemActor, run.id, batchOf(writer, sequence, "train", [sequence], { loss: [1] }));
  expect(await send(1)).toMatchObject({ watched: false });
  expect((await ask({ authorization: `Bearer ${fixture.stranger}` }, undefined, run.id)).status).toBe(404);
  expect(await send(2)).toMatchObject({ watched: false });
  expect((await ask({}, undefined, run.id)).status).toBe(200);
  expect(await send(3)).toMatchObject({ watched: true });
  const other = await newRun(fixture.project);
  expect(
    await appendBatch(systemActor, other.run.id, batchOf(other.writer, 1, "train", [0], { loss: [1] })),
  ).toMatchObject({ watched: false });
});

test.each([4000, 50])("at %s pixels JSON and binary columns say the same, value by value", async (px) => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 5e-324, 0.1, -1.5e300];
  const { run, writer } = await newRun(fixture.project);
  const steps = Array.from({ length: 1000 }, (_, step) => step);
  const values = { loss: steps.map((step) => odd[step % odd.length]!), zero: steps.map(() => -0) };
  await appendBatch(systemActor, run.id, batchOf(writer, 1, null, steps, values));
  const query = `series=-/loss&series=-/zero&px=${px}`;
  const binary = decodePoints(await (await ask({}, query, run.id)).arrayBuffer());
  const { series } = seriesPointsSchema.parse(await (await ask({ accept: "application/json" }, query, run.id)).json());
  const columnsOf = ({ steps, times, values }: SeriesPoints["series"][number]) => ({
    steps: Float64Array.from(steps),
    times: Float64Array.from(times),
    values: Float64Array.from(values, fromWireFloat),
  });
  const inColumns = series.map((one): PointSeries => {
    const means = one.means && columnsOf({ ...one, ...one.means });
    return { ...one, ...columnsOf(one), means };
  });
  expect(binary.map(({ kind }) => kind)).toEqual(px === 50 ? ["envelope", "envelope"] : ["raw", "raw"]);
  // NaN is NaN, and −0 isn't 0
  expect(inColumns).toStrictEqual(binary);
});
