/** Masks are read as those who make them mean them, and what is no mask costs nothing. */
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { encode } from "fast-png";
import sharp from "sharp";
import { expect, test } from "vitest";
import { classesIn, decodeMask, maskSizeOf } from "./mask-png.ts";

const palette = Array.from({ length: 256 }, (_, at): [number, number, number] => [at, 255 - at, 7]);
const indexed = (width: number, height: number, pixels: Uint8Array) =>
  encode({ width, height, data: pixels, channels: 1, depth: 8, palette });

/** A PNG of these chunks, whose checks are zeros: nobody reads them. */
function chunks(...given: [name: string, content: Buffer][]): Buffer {
  const length = (content: Buffer) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(content.length);
    return bytes;
  };
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    ...given.flatMap(([name, content]) => [length(content), Buffer.from(name), content, Buffer.alloc(4)]),
  ]);
}

function header(width: number, height: number, depth: number, color = 3, interlace = 0): [string, Buffer] {
  const content = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, depth, color, 0, 0, interlace]);
  content.writeUInt32BE(width, 0);
  content.writeUInt32BE(height, 4);
  return ["IHDR", content];
}
const data = (...bytes: number[]): [string, Buffer] => ["IDAT", deflateSync(Buffer.from(bytes))];
const end: [string, Buffer] = ["IEND", Buffer.alloc(0)];

test("a mask's pixels come back as they were, whoever wrote it", async () => {
  const mask = fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 255 }))
    .chain(([width, height, most]) =>
      fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        pixels: fc.uint8Array({ minLength: width * height, maxLength: width * height, max: most }),
      }),
    );
  await fc.assert(
    fc.asyncProperty(mask, async ({ width, height, pixels }) => {
      expect(await decodeMask(indexed(width, height, pixels))).toEqual({ width, height, pixels });
      // libpng chooses a filter for each line
      const grey = sharp(pixels, { raw: { width, height, channels: 1 } }).toColourspace("b-w");
      const filtered = await grey.png({ adaptiveFiltering: true }).toBuffer();
      expect((await decodeMask(filtered)).pixels).toEqual(pixels);
    }),
    { numRuns: 40 },
  );
});

test("pixels of one, two and four bits are indexes as well; ignored ones name no class", async () => {
  const two = chunks(header(5, 2, 2), data(0, 0b00011011, 0b11000000, 2, 0, 0), end);
  expect([...(await decodeMask(two)).pixels]).toEqual([0, 1, 2, 3, 3, 0, 1, 2, 3, 3]);
  const one = chunks(header(3, 1, 1), data(0, 0b10100000), end);
  expect([...(await decodeMask(one)).pixels]).toEqual([1, 0, 1]);
  const mask = await decodeMask(indexed(2, 2, Uint8Array.of(0, 255, 4, 255)));
  expect(classesIn(mask)).toBe(5);
  expect(maskSizeOf(indexed(7, 3, new Uint8Array(21)).subarray(0, 33))).toMatchObject({ width: 7, height: 3 });
});

const whole = indexed(9, 9, new Uint8Array(81));
test.each<[string, Uint8Array, RegExp]>([
  ["text", Buffer.from("no picture at all, though long enough to be one"), /no PNG/],
  ["nothing", new Uint8Array(0), /no PNG/],
  [
    "a picture of colours",
    encode({ width: 1, height: 1, channels: 3, depth: 8, data: new Uint8Array(3) }),
    /colour type 2/,
  ],
  ["16 bits", chunks(header(1, 1, 16, 0), data(0, 0, 0), end), /16 bits/],
  ["lines that are interlaced", chunks(header(1, 1, 8, 3, 1), data(0, 0), end), /interlaced/],
  ["10¹⁰ pixels", chunks(header(100_000, 100_000, 8), data(0), end), /100000 × 100000/],
  [
    "a gigabyte in a kilobyte",
    chunks(header(10, 10, 8), ["IDAT", deflateSync(Buffer.alloc(20_000_000))], end),
    /can't be decoded/,
  ],
  ["fewer pixels than it says", chunks(header(10, 10, 8), data(0, 0), end), /2 bytes of pixels; .* need 110/],
  ["a filter that is none", chunks(header(1, 1, 8), data(9, 0), end), /filter 9/],
  ["an end that is missing", whole.subarray(0, whole.length - 12), /cut off/],
  ["a chunk that is cut", whole.subarray(0, whole.length - 20), /ends before/],
])("a mask of %s is refused, and the refusal says why", async (_what, bytes, why) => {
  await expect(decodeMask(bytes)).rejects.toThrow(why);
});
