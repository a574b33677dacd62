/** What every route does with bodies that are wrong. */
import { gzipSync } from "node:zlib";
import { v7 as uuidv7 } from "uuid";
import { beforeAll, expect, test } from "vitest";
import { foreignRequest } from "@/lib/request-origin.ts";
import { batchOf, bytesOf, newProject, newRun, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import { BODY_BYTES_MAX } from "@/lib/wire/base/words.ts";
import { BATCH_CONTENT_TYPE } from "@/lib/wire/points/batch.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { POST as appendMetrics } from "./v1/runs/[run]/metrics/route.ts";
import { POST as createRun } from "./v1/runs/route.ts";

prepareWorkspace();
const fixture = {} as { project: Project; secret: string; run: string; writer: string };

beforeAll(async () => {
  const project = await newProject();
  const { secret } = await newToken(project, "ingest");
  const { run, writer } = await newRun(project);
  Object.assign(fixture, { project, secret, run: run.id, writer });
});

async function post(handler: typeof createRun, body: string | Uint8Array, headers: Record<string, string> = {}) {
  const request = new Request(`${TEST_ORIGIN}/api/v1`, {
    method: "POST",
    body: body as BodyInit,
    headers: { authorization: `Bearer ${fixture.secret}`, ...headers },
  });
  const response = await handler(request, { params: Promise.resolve({ run: fixture.run }) });
  return { status: response.status, body: (await response.json()) as { detail: string; errors?: { field: string }[] } };
}

test.each([
  [createRun, '{"config":{"a":{"__proto__":{"b":1}}}}', "config.a.__proto__"],
  [createRun, '{"config":{"_\\u005fproto__":1}}', "config.__proto__"],
  [appendMetrics, '{"groups":[{"metrics":{"__proto__":[1]}}]}', "groups.0.metrics.__proto__"],
  [appendMetrics, '{"groups":[{"metrics":{"loss":[1],"loss":[2]}}]}', "groups.0.metrics.loss"],
  [appendMetrics, '{"groups":[{"steps":[9007199254740990.9]}]}', "groups.0.steps.0"],
  [createRun, '{"config":{"shard":9007199254740993}}', "config.shard"],
  [createRun, '{"config":{"lr":NaN}}', "config.lr"],
  [createRun, `{"config":{"a":${"[".repeat(3000)}${"]".repeat(3000)}}}`, undefined],
])("what JavaScript would lose of a body is refused by name, not left out (%#)", async (handler, body, field) => {
  const { status, body: answered } = await post(handler as typeof createRun, body, {
    "content-type": "application/json",
  });
  expect(status).toBe(400);
  if (field) expect(answered.errors?.[0]?.field).toBe(field);
});

test("a body of a million names is refused by their count, and one beyond its route's size before it is read", async () => {
  const names = Array.from({ length: 1_000_000 }, (_, at) => `"n${at}":[1]`).join();
  const batch = `{"groups":[{"steps":[0],"times":[0],"metrics":{${names}}}]}`;
  expect(await post(appendMetrics, batch)).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining("keys") },
  });
  const config = `{"config":{${names}}}`;
  expect((await post(createRun, config)).status).toBe(413);
  expect(await post(createRun, `{"config":{${names.slice(0, 1e6).replace(/,[^,]*$/, "")}}}`)).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining("more than 20000 keys") },
  });
});

test("a large batch as JSON is stored as the binary one is, and its faults are named as a small one's", async () => {
  const steps = Array.from({ length: 20_000 }, (_, step) => step);
  const group = {
    split: "train",
    steps,
    times: steps.map((step) => step * 1000),
    metrics: { loss: steps.map(() => 0.5) },
  };
  const json = { writer: fixture.writer, sequence: 8, groups: [group] };
  expect((await post(appendMetrics, JSON.stringify(json))).body).toMatchObject({ stored: true, points: 20_000 });
  const batch = batchOf(fixture.writer, 8, "train", steps, { loss: group.metrics.loss });
  const binary = { "content-type": BATCH_CONTENT_TYPE };
  expect((await post(appendMetrics, bytesOf(batch), binary)).body).toMatchObject({ duplicate: true });
  const wrong = { ...json, groups: [{ ...group, split: "val" }] };
  expect(await post(appendMetrics, JSON.stringify(wrong))).toMatchObject({
    status: 400,
    body: { errors: [{ field: "groups.0.split" }] },
  });
});

test("a large config is stored as it was sent", async () => {
  const config = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, `value ${at} ü`]));
  const { status, body } = await post(createRun, JSON.stringify({ config }));
  expect([status, (body as unknown as { config: unknown }).config]).toEqual([200, config]);
});

test.each([
  ["no JSON", "{", undefined],
  ["a NUL character in the notes", JSON.stringify({ notes: "a\u0000b" }), "notes"],
  ["a NUL character in the config", JSON.stringify({ config: { a: "\u0000" } }), "config.a"],
  ["half of a surrogate pair", '{"config":{"a":"\\ud800"}}', "config.a"],
  ["a config that is a list", JSON.stringify({ config: [] }), "config"],
  ["an id of version 4", JSON.stringify({ id: "5b0f1f0e-8a35-4b0e-9d6e-2f3c4d5e6f70" }), "id"],
  ["another word for a status", JSON.stringify({ status: "done" }), "status"],
  ["a name that is too long", JSON.stringify({ name: "x".repeat(201) }), "name"],
])("a run with %s is refused with 400, and the field's name", async (_, body, field) => {
  const answer = await post(createRun, body);
  expect(answer.status).toBe(400);
  if (field) expect(answer.body.errors?.map((error) => error.field)).toContain(field);
});

test("an error says what came", async () => {
  const answer = await post(createRun, JSON.stringify({ status: "done" }));
  expect(answer.body.detail).toContain('received "done"');
});

test("a gzipped body is read; one that inflates beyond the limit is refused before it is held", async () => {
  const zipped = gzipSync(JSON.stringify({ id: uuidv7() }));
  expect((await post(createRun, zipped, { "content-encoding": "gzip" })).status).toBe(200);
  const bomb = gzipSync(Buffer.alloc(BODY_BYTES_MAX + 1, 32));
  expect((await post(createRun, bomb, { "content-encoding": "gzip" })).status).toBe(413);
  expect((await post(createRun, "{}", { "content-encoding": "gzip" })).status).toBe(400);
  expect((await post(createRun, "{}", { "content-encoding": "br" })).status).toBe(415);
});

test("a binary batch is stored as the JSON one is", async () => {
  const batch = batchOf(fixture.writer, 7, "train", [0, 1], { loss: [1, Number.NaN] });
  const binary = { "content-type": BATCH_CONTENT_TYPE };
  expect((await post(appendMetrics, bytesOf(batch), binary)).body).toMatchObject({ stored: true, points: 2 });
  const json = {
    writer: fixture.writer,
    sequence: 7,
    groups: [{ split: "train", steps: [0, 1], times: [0, 1000], metrics: { loss: [1, "NaN"] } }],
  };
  expect((await post(appendMetrics, JSON.stringify(json))).body).toMatchObject({ duplicate: true });
  const torn = await post(appendMetrics, bytesOf(batch).subarray(0, 50), binary);
  expect(torn).toMatchObject({ status: 400, body: { errors: [{ field: "header" }] } });
});

test("a request for another host is refused, and with a cookie a change from another origin too", async () => {
  const foreign = await post(createRun, "{}", { host: "elsewhere.test" });
  expect(foreign).toMatchObject({ status: 421 });
  expect((await post(createRun, "{}", { cookie: "a=b", origin: "http://elsewhere.test" })).status).toBe(403);
  expect((await post(createRun, "{}", { cookie: "a=b" })).status).toBe(403);
  expect((await post(createRun, "{}", { cookie: "a=b", origin: TEST_ORIGIN })).status).not.toBe(403);
  expect((await post(createRun, "{}", { origin: "http://elsewhere.test" })).status).toBe(200);
  const signIn = { method: "POST", url: TEST_ORIGIN, headers: new Headers({ origin: "http://elsewhere.test" }) };
  expect(foreignRequest(signIn)).toMatchObject({ status: 403 });
});
