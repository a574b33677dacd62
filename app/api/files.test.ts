/** A file is sent once to whoever has it, and from where it broke off to whoever has a part. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { putArtifact } from "@/lib/artifacts/artifacts.ts";
import { newProject, newRun, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import { GET } from "./v1/runs/[run]/artifacts/[...path]/route.ts";

prepareWorkspace();
const bytes = "0123456789abcdefghij";
const tag = `"${createHash("sha256").update(bytes).digest("hex")}"`;
const fixture = { run: "", secret: "" };

beforeAll(async () => {
  const project = await newProject();
  const { run } = await newRun(project);
  const { secret } = await newToken(project, "read");
  Object.assign(fixture, { run: run.id, secret });
  const file = { path: "w.bin", contentType: "application/octet-stream", expectedSha256: null };
  await putArtifact(systemActor, run.id, { ...file, content: Readable.from([bytes]) });
});

async function ask(headers: Record<string, string> = {}, query = "") {
  const request = new Request(`${TEST_ORIGIN}/api/v1/runs/${fixture.run}/artifacts/w.bin${query}`, {
    headers: { authorization: `Bearer ${fixture.secret}`, ...headers },
  });
  const answer = await GET(request, { params: Promise.resolve({ run: fixture.run, path: ["w.bin"] }) });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

test("the whole file comes with its tag, and says that parts can be asked for", async () => {
  const { status, headers, text } = await ask();
  expect([status, text, headers.get("etag"), headers.get("accept-ranges")]).toEqual([200, bytes, tag, "bytes"]);
});

test.each([tag, `W/${tag}`, `"other", ${tag}`, "*"])("who has the file (%s) is told so, without it", async (known) => {
  const { status, headers, text } = await ask({ "if-none-match": known });
  expect([status, headers.get("etag"), text]).toEqual([304, tag, ""]);
});

test.each([
  ["bytes=0-3", "0123", "bytes 0-3/20"],
  ["bytes=15-", "fghij", "bytes 15-19/20"],
  ["bytes=-4", "ghij", "bytes 16-19/20"],
  ["bytes=-100", bytes, "bytes 0-19/20"],
  ["bytes=19-400", "j", "bytes 19-19/20"],
])("%s is that part, and which", async (range, text, which) => {
  const answer = await ask({ range });
  expect(answer).toMatchObject({ status: 206, text });
  expect(answer.headers.get("content-range")).toBe(which);
  expect(answer.headers.get("content-length")).toBe(String(text.length));
});

test.each(["bytes=20-", "bytes=400-500", "bytes=-0"])("%s is beyond the file: 416 with its size", async (range) => {
  const { status, headers, text } = await ask({ range });
  expect([status, headers.get("content-range")]).toEqual([416, "bytes */20"]);
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(JSON.parse(text)).toMatchObject({ type: "urn:holdout:problem:no-such-range", status: 416 });
});

test.each(["bytes=5-3", "bytes=-", "lines=1-2", "bytes=0-1,4-5", "bytes=a-b"])(
  "%s is answered with the whole",
  async (range) => {
    expect(await ask({ range })).toMatchObject({ status: 200, text: bytes });
  },
);

test("a part of another file than the asker began with is the whole of this one", async () => {
  expect(await ask({ range: "bytes=4-", "if-range": '"other"' })).toMatchObject({ status: 200, text: bytes });
  expect(await ask({ range: "bytes=18-", "if-range": tag })).toMatchObject({ status: 206, text: "ij" });
});

test("a switch of the query is 0 or 1, and anything else is refused by name", async () => {
  expect(await ask({}, "?picture=0")).toMatchObject({ status: 200, text: bytes });
  const refused = await ask({}, "?picture=yes");
  expect(refused.status).toBe(400);
  expect(JSON.parse(refused.text).errors).toEqual([{ field: "picture", detail: '"yes" is neither 0 nor 1' }]);
});
