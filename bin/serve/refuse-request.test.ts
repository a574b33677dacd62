import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refuseRequest } from "./refuse-request.ts";

const passed = "passed on";
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (!refuseRequest(request, response)) response.end(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => void server.close());

type Answer = { status: number; allow: string | undefined; body: string };

/** As it is on the wire: a client would mend the path, or know no TRACE. */
async function ask(method: string, path: string, header = "x: 1"): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, "127.0.0.1");
  socket.write(`${method} ${path} HTTP/1.1\r\nhost: holdout.test\r\nconnection: close\r\n${header}\r\n\r\n`);
  const answer = await text(socket);
  const [head = ""] = answer.split("\r\n\r\n");
  const body = /\{.*\}/s.exec(answer)?.[0] ?? "";
  return { status: Number(head.split(" ")[1]), allow: /^allow: (.*)$/im.exec(head)?.[1], body };
}

test.each([
  ["GET", "/api/v1/%ff"],
  ["GET", "/projects/%"],
  ["PUT", "/api/v1/runs/1/artifacts/%E0%A4%A.txt"],
  ["GET", "/projects/%c0%af"],
  ["POST", "/%zz?a=%20"],
])("%s %s, whose path is no UTF-8, is refused in words", async (method, path) => {
  const { status, body } = await ask(method, path);
  expect([status, JSON.parse(body).detail]).toEqual([400, expect.stringContaining("a percent sign itself is %25")]);
});

test.each(["*", "http://elsewhere.test/"])("the address %s, which is no path, is refused in words", async (address) => {
  const { status, body } = await ask("GET", address);
  expect([status, JSON.parse(body).detail]).toEqual([400, expect.stringContaining("one begins with /")]);
});

test.each([
  ["TRACE", "/", "GET, HEAD, POST, OPTIONS"],
  ["TRACE", "/api/v1/runs", "GET, HEAD, OPTIONS, POST"],
  ["DELETE", "/api/v1/runs", "GET, HEAD, OPTIONS, POST"],
  ["PUT", "/api/v1/runs/1/finish", "OPTIONS, POST"],
  ["POST", "/api/v1/runs/1/artifacts/a/b%2Fc.txt", "GET, HEAD, OPTIONS, PUT"],
  ["POST", "/api/v1/openapi.json", "GET, HEAD, OPTIONS"],
  ["PATCH", "/sign-in", "GET, HEAD, POST, OPTIONS"],
])("%s %s is refused with what is allowed", async (method, path, allow) => {
  expect(await ask(method, path)).toMatchObject({ status: 405, allow });
});

test.each([
  ["GET", "/"],
  ["POST", "/sign-in"],
  ["GET", "/projects/%E9%81%93?q=%"],
  ["HEAD", "/api/health"],
  ["PUT", "/api/v1/runs/1/artifacts/100%25.txt"],
  ["PATCH", "/api/v1/runs/1"],
  ["DELETE", "/api/v1/nothing"],
  ["OPTIONS", "/api/v1/runs"],
])("%s %s goes on", async (method, path) => {
  expect(await ask(method, path)).toMatchObject({ status: 200 });
});

test.each([
  ["/sign-in", "content-length: 1048577", 413, "the form has 1048577 bytes; a page takes at most 1048576"],
  ["/", "content-length: 99999999999", 413, "files go to the API"],
  ["/projects/a", "transfer-encoding: chunked", 411, "without content-length"],
  ["/api/auth/sign-in", "transfer-encoding: chunked", 411, "without content-length"],
])("a form posted to %s with %s is refused by its head alone", async (path, header, status, words) => {
  const answer = await ask("POST", path, header);
  expect([answer.status, JSON.parse(answer.body).detail]).toEqual([status, expect.stringContaining(words)]);
});

test.each([
  ["/sign-in", "content-length: 1048576"],
  ["/sign-in", "content-length: 0"],
  ["/api/v1/datasets/1/upload", "content-length: 99999999999"],
  ["/api/v1/datasets/1/upload", "transfer-encoding: chunked"],
])("what is posted to %s with %s goes on", async (path, header) => {
  expect(await ask("POST", path, header)).toMatchObject({ status: 200 });
});
