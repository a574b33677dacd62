import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { Unreachable } from "../../../lib/sending/answers.ts";
import { download } from "./ask.ts";
import { send } from "./http.ts";

const bytes = Buffer.alloc(600_000, "abcdefg");
const tagOf = (content: Buffer) => `"${createHash("sha256").update(content).digest("hex")}"`;

/** Sends `content` in parts, and cuts each answer but the last after a third of the file. */
async function serve(content: Buffer, tag = tagOf(content)) {
  const ranges: string[] = [];
  const server = createServer((request, response) => {
    const { range = "", "if-range": ifRange } = request.headers;
    ranges.push(range);
    const from = ifRange === tag ? Number(/\d+/.exec(range)?.[0] ?? 0) : 0;
    response.writeHead(from > 0 ? 206 : 200, { etag: tag, "content-length": content.length - from });
    const end = Math.min(from + 250_000, content.length);
    response.write(content.subarray(from, end), () => (end < content.length ? response.destroy() : response.end()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { target: { url, token: "t" }, ranges, close: () => server.close() };
}

test("a download whose line breaks goes on where it broke", async () => {
  const { target, ranges, close } = await serve(bytes);
  expect((await download(target, "/w")).equals(bytes)).toBe(true);
  expect(ranges.length).toBeGreaterThan(2);
  expect(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range))).toBe(true);
  close();
});

test("bytes that aren't what was stored are refused", async () => {
  const { target, close } = await serve(bytes, tagOf(Buffer.from("other")));
  await expect(download(target, "/w")).rejects.toThrow(/SHA-256/);
  close();
});

test.each([bytes, Buffer.from("other bytes")])(
  "a server that leads to a bucket is followed there, without the token, and what came is checked (%#)",
  async (there) => {
    const key = `/files/team/${tagOf(bytes).slice(1, 3)}/${tagOf(bytes).slice(1, -1)}?X-Amz-Signature=1`;
    const asked: (string | undefined)[] = [];
    const bucket = createServer((request, response) => {
      asked.push(request.url, request.headers.authorization);
      response.writeHead(200, { etag: '"a tag of the bucket-2"' });
      response.end(there);
    });
    bucket.listen(0, "127.0.0.1");
    await once(bucket, "listening");
    const leading = createServer((_request, response) => {
      const location = `http://127.0.0.1:${(bucket.address() as AddressInfo).port}${key}`;
      response.writeHead(307, { location }).end();
    });
    leading.listen(0, "127.0.0.1");
    await once(leading, "listening");
    const target = { url: `http://127.0.0.1:${(leading.address() as AddressInfo).port}`, token: "t" };
    if (there === bytes) expect((await download(target, "/w")).equals(bytes)).toBe(true);
    else await expect(download(target, "/w")).rejects.toThrow(/SHA-256/);
    expect(asked).toEqual([key, undefined]);
    leading.close();
    bucket.close();
  },
);

test("a server that says what is wrong with it is quoted", async () => {
  const server = createServer((_request, response) => {
    const detail = "the disk of the server is full; free some space there, then send the request again";
    response.writeHead(507, { "content-type": "application/problem+json" });
    response.end(JSON.stringify({ type: "urn:holdout:problem:full", title: "full", status: 507, detail }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const target = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: "t" };
  await expect(send(target, { method: "GET", path: "/x" })).rejects.toThrow(/507: the disk of the server is full/);
  await expect(send(target, { method: "GET", path: "/x" })).rejects.toBeInstanceOf(Unreachable);
  server.close();
});
