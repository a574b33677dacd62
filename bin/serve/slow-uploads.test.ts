import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { allowSlowUploads, SILENCE_MS } from "./slow-uploads.ts";

let server: Server;
let client: Socket;
let request: IncomingMessage;

/** Opens a request with a body of 100,000 bytes, up to `body`. The server reads it unless `isRead` is false. */
async function open(body: string, isRead = true): Promise<void> {
  const { port } = server.address() as AddressInfo;
  client = connect(port, "127.0.0.1").on("error", () => {});
  client.write(`PUT / HTTP/1.1\r\nhost: holdout.test\r\nconnection: close\r\ncontent-length: 100000\r\n\r\n${body}`);
  const [opened, response] = await once(server, "request");
  request = opened;
  if (isRead)
    void text(request).then(
      (sent) => response.end(String(sent.length)),
      () => {},
    );
}

/** Sends a piece, and waits until the server has it. */
async function sendPiece(bytes: number): Promise<void> {
  const arrived = request.socket.bytesRead + bytes;
  client.write("x".repeat(bytes));
  await expect.poll(() => request.socket.bytesRead).toBe(arrived);
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  server = createServer();
  allowSlowUploads(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterEach(() => {
  vi.useRealTimers();
  client.destroy();
  server.close();
});

test("an upload that takes ten minutes arrives whole", async () => {
  expect(server.requestTimeout).toBe(0);
  await open("");
  for (let minute = 0; minute < 10; minute++) {
    await sendPiece(10_000);
    vi.advanceTimersByTime(60_000);
  }
  expect(await text(client)).toContain("\r\n\r\n100000");
});

test("a client that begins an upload and sends no more is cut, not before a minute", async () => {
  await open("x");
  vi.advanceTimersByTime(SILENCE_MS);
  expect(request.socket.destroyed).toBe(false);
  vi.advanceTimersByTime(SILENCE_MS);
  expect(request.socket.destroyed).toBe(true);
  await once(client, "close");
});

test("a client that waits for the server to read goes on afterwards", async () => {
  await open("x".repeat(100_000), false);
  await expect.poll(() => request.readableLength >= request.readableHighWaterMark).toBe(true);
  vi.advanceTimersByTime(10 * SILENCE_MS);
  expect(request.socket.destroyed).toBe(false);
  expect(await text(request)).toHaveLength(100_000);
});

test("who has sent everything waits for an answer as long as it takes, and headers have their time still", async () => {
  await open("x".repeat(100_000), false);
  expect(await text(request)).toHaveLength(100_000);
  vi.advanceTimersByTime(10 * SILENCE_MS);
  expect(request.socket.destroyed).toBe(false);
  expect(server.headersTimeout).toBeGreaterThan(0);
});
