/** What is shown as a picture, and that one which takes for ever holds nobody else up. */
import type { ChildProcess } from "node:child_process";
import { createHash, scrypt } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { decodePicture, isPicture } from "./pictures.ts";

const pixels = { create: { width: 40, height: 30, channels: 3, background: "#c06" } } as const;
const decode = (bytes: Uint8Array) => decodePicture(async () => bytes);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "holdout-pictures-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The process that decoded last. */
const decoder = () => (globalThis as { holdoutDecoder?: { child: ChildProcess } }).holdoutDecoder!.child;

/** Ten references to ten references, nine levels deep: 10⁹ shapes. */
function bomb(): Buffer {
  const level = (at: number) => `<g id="a${at}">${`<use href="#a${at - 1}"/>`.repeat(10)}</g>`;
  const levels = Array.from({ length: 9 }, (_, at) => level(at + 1)).join("");
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><defs><rect id="a0" width="1" height="1"/>${levels}</defs><use href="#a9"/></svg>`,
  );
}

test.each(["png", "jpeg", "webp", "gif"] as const)("a %s is shown as PNG, pixel by pixel as it was", async (format) => {
  const shown = await sharp(await decode(await sharp(pixels).toFormat(format).toBuffer())).metadata();
  expect(shown).toMatchObject({ format: "png", width: 40, height: 30 });
});

test("a picture larger than any screen is made smaller, and keeps its shape", async () => {
  const large = await sharp({ create: { ...pixels.create, width: 5000, height: 2500 } })
    .jpeg()
    .toBuffer();
  expect(await sharp(await decode(large)).metadata()).toMatchObject({ width: 2048, height: 1024 });
});

test.each([
  ["an SVG", bomb],
  ["a TIFF", () => sharp(pixels).tiff().toBuffer()],
  ["an AVIF", () => sharp(pixels).avif().toBuffer()],
  ["text", () => Buffer.from("P1 1 1 0")],
  ["nothing", () => Buffer.alloc(0)],
])("%s is refused by its bytes, with the formats that are shown", async (_what, bytes) => {
  await expect(decode(await bytes())).rejects.toMatchObject({
    status: 400,
    detail: expect.stringContaining("PNG, JPEG, WebP or GIF"),
  });
});

test.each([
  ["a PNG that was cut off", async () => (await sharp(pixels).png().toBuffer()).subarray(0, 60)],
  [
    "a PNG's first bytes before an SVG",
    async () => Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), bomb()]),
  ],
  [
    "a PNG of more than 50 million pixels",
    () =>
      sharp({ create: { ...pixels.create, width: 7200, height: 7200 } })
        .png({ compressionLevel: 1 })
        .toBuffer(),
  ],
  [
    "a PNG that says it has 10¹⁰ pixels",
    async () => {
      const png = await sharp(pixels).png().toBuffer();
      png.writeUInt32BE(100_000, 16);
      png.writeUInt32BE(100_000, 20);
      return png;
    },
  ],
])("%s is refused in words, and the next picture is shown", async (_what, bytes) => {
  await expect(decode(await bytes())).rejects.toMatchObject({ status: 400 });
  expect(isPicture(await decode(await sharp(pixels).png().toBuffer()))).toBe(true);
});

test("while pictures are decoded at their slowest, files, gzip and passwords are served", async () => {
  const noise = Buffer.alloc(3500 * 3500 * 3);
  for (let at = 0; at < noise.length; at += 32)
    createHash("sha256")
      .update(String(at % 4096))
      .digest()
      .copy(noise, at);
  const slow = await sharp(noise, { raw: { width: 3500, height: 3500, channels: 3 } })
    .webp({ lossless: true, effort: 0 })
    .toBuffer();
  // more than the threads that files, gzip and passwords share
  const decoding = Array.from({ length: 5 }, () => decode(slow).catch(() => null));
  const [file, startedAt] = [path.join(folder, "a"), performance.now()];
  await writeFile(file, "content");
  await readFile(file);
  await promisify(gzip)("content");
  await promisify(scrypt)("a password", "salt", 32);
  expect(performance.now() - startedAt).toBeLessThan(1000);
  await Promise.all(decoding);
});

test("a decoder that doesn't come back is ended, and the next picture gets a new one", async () => {
  const png = await sharp(pixels).png().toBuffer();
  await decode(png);
  process.kill(decoder().pid!, "SIGSTOP");
  await expect(decode(png)).rejects.toMatchObject({ status: 400, detail: expect.stringContaining("within 10 s") });
  expect(isPicture(await decode(png))).toBe(true);
});

test("what decodes pictures knows nothing of the server's environment", async () => {
  const png = await sharp(pixels).png().toBuffer();
  await decode(png);
  const before = decoder();
  before.kill("SIGKILL");
  await once(before, "exit");
  // whoever inherits it can't start
  vi.stubEnv("NODE_OPTIONS", "--require=/nowhere.cjs");
  try {
    expect(isPicture(await decode(png))).toBe(true);
  } finally {
    vi.unstubAllEnvs();
  }
});
