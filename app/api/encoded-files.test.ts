/** Files that come compressed are kept as what they are a compression of. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { createDataset } from "@/lib/datasets/datasets.ts";
import { newProject, newRun, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import { POST as upload } from "./v1/datasets/[dataset]/upload/route.ts";
import { GET, PUT } from "./v1/runs/[run]/artifacts/[...path]/route.ts";

prepareWorkspace();
const fixture = { run: "", dataset: "", secret: "" };

beforeAll(async () => {
  const project = await newProject();
  const { run } = await newRun(project);
  const { secret } = await newToken(project, "admin");
  const dataset = await createDataset(systemActor, { project: project.id, name: "rows", version: "1" });
  Object.assign(fixture, { run: run.id, dataset: dataset.id, secret });
});

type Headers = Record<string, string>;
const text = "key,x\na,1\nb,2\n";
const zipped = gzipSync(text);
const gzip = { "content-encoding": "gzip" };

const request = (path: string, method: string, body: Uint8Array | string | null, headers: Headers = {}) =>
  new Request(`${TEST_ORIGIN}/api/v1/${path}`, {
    method,
    body: body as BodyInit | null,
    headers: { authorization: `Bearer ${fixture.secret}`, "content-type": "text/csv", ...headers },
  });

async function put(name: string, body: Uint8Array | string, headers: Headers) {
  const params = Promise.resolve({ run: fixture.run, path: [name] });
  const answer = await PUT(request(`runs/${fixture.run}/artifacts/${name}`, "PUT", body, headers), { params });
  return { status: answer.status, body: await answer.json() };
}

async function post(body: Uint8Array | string, headers: Headers) {
  const params = Promise.resolve({ dataset: fixture.dataset });
  const answer = await upload(request(`datasets/${fixture.dataset}/upload?format=csv`, "POST", body, headers), {
    params,
  });
  return { status: answer.status, body: await answer.json() };
}

test("an artifact sent as gzip is kept decompressed, under the hash and size of its content", async () => {
  const sha256 = createHash("sha256").update(text).digest("hex");
  const { status, body } = await put("rows.csv", zipped, { ...gzip, "x-content-sha256": sha256 });
  expect({ status, ...body }).toMatchObject({ status: 200, sha256, sizeBytes: text.length });
  const params = Promise.resolve({ run: fixture.run, path: ["rows.csv"] });
  const read = await GET(request(`runs/${fixture.run}/artifacts/rows.csv`, "GET", null), { params });
  expect(await read.text()).toBe(text);
});

test("a file that is gzip by itself, sent without an encoding, stays as it is", async () => {
  const { body } = await put("rows.csv.gz", zipped, {});
  expect(body).toMatchObject({ sha256: createHash("sha256").update(zipped).digest("hex"), sizeBytes: zipped.length });
});

test("a table sent as gzip is read", async () => {
  expect(await post(zipped, gzip)).toMatchObject({ status: 200, body: { added: 2, there: 0 } });
  expect(await post(text, {})).toMatchObject({ status: 200, body: { added: 0, there: 2 } });
});

test.each([
  ["brotli", text, { "content-encoding": "br" }, 415, "content-encoding is br; send gzip or none"],
  ["what is no gzip", text, gzip, 400, "the body is not gzip, though content-encoding says so"],
  ["half of a gzip", zipped.subarray(0, 20), gzip, 400, "the body is not gzip, though content-encoding says so"],
])("%s is refused by name, as an artifact and as a table", async (_name, body, headers, status, detail) => {
  expect(await put("refused.csv", body, headers)).toMatchObject({ status, body: { detail } });
  expect(await post(body, headers)).toMatchObject({ status, body: { detail } });
});
