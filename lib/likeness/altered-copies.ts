/**
 * Copies of a thumbnail in grey, altered as images are altered on their way from one data set into another: planted in a
 * search, they tell what it finds. A thumbnail of a larger image is enlarged first, so that an alteration does to it
 * what it does to the image: noise and blocks are finer there.
 */
import sharp from "sharp";
import { seededNormal } from "../statistics/resampling/random.ts";
import { resize, THUMBNAIL_SIDE, thumbnailOf } from "../wire/alike/thumbnail.ts";
import type { Alteration } from "../wire/data/recall.ts";
import { mirror } from "./image-space.ts";

/** An image that is larger is altered as if it were of this side: beyond, alterations hardly show in a thumbnail. */
const SIDE_MAX = 256;
const BRIGHTER = 30;
const NOISE_DEVIATION = 10;
const CROPPED_SHARE = 0.03;

type Square = { pixels: Uint8Array; side: number };
type Alter = (image: Square, random: () => number) => Promise<Square>;

const alter: Record<Alteration, Alter> = {
  "re-encoded": (image) => encode(image, 85),
  "re-encoded-strongly": (image) => encode(image, 40),
  brighter: async ({ pixels, side }) => ({ pixels: pixels.map((value) => Math.min(255, value + BRIGHTER)), side }),
  mirrored: async (image) => image,
  noisy: async ({ pixels, side }, random) => {
    const normal = seededNormal(random);
    const noisy = (value: number) => clip(value + NOISE_DEVIATION * normal());
    return { pixels: pixels.map(noisy), side };
  },
  resized: (image) => scale(image, Math.round(image.side * 0.85)),
  "resized-to-half": (image) => scale(image, Math.round(image.side / 2)),
  shifted: async ({ pixels, side }) => ({
    pixels: pixels.map((_, at) => pixels[at % side === 0 ? at : at - 1]!),
    side,
  }),
  cropped: async ({ pixels, side }) => {
    const cut = Math.max(1, Math.round(side * CROPPED_SHARE));
    const kept = side - cut;
    const from = (at: number) => Math.floor(at / kept + Math.floor(cut / 2)) * side + (at % kept) + Math.floor(cut / 2);
    return { pixels: Uint8Array.from({ length: kept * kept }, (_, at) => pixels[from(at)]!), side: kept };
  },
};

const clip = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

/** The thumbnail in grey of an altered copy. `imageSide` is the image's shorter side; null: as small as its thumbnail. */
export async function alteredCopy(
  grey: Uint8Array,
  kind: Alteration,
  { imageSide, random }: { imageSide: number | null; random: () => number },
): Promise<Uint8Array> {
  const image = { pixels: kind === "mirrored" ? mirror(grey) : grey, side: THUMBNAIL_SIDE };
  const side = Math.min(SIDE_MAX, imageSide ?? THUMBNAIL_SIDE);
  const { pixels, side: altered } = await alter[kind](side > THUMBNAIL_SIDE ? await scale(image, side) : image, random);
  return thumbnailOf(pixels, { width: altered, height: altered, channels: 1 });
}

const raw = ({ pixels, side }: Square) => sharp(pixels, { raw: { width: side, height: side, channels: 1 } });

async function encode(image: Square, quality: number): Promise<Square> {
  const file = await raw(image).jpeg({ quality }).toBuffer();
  return { pixels: await sharp(file).toColourspace("b-w").raw().toBuffer(), side: image.side };
}

/** Smaller by the mean over areas, as thumbnails are made; larger by cubic curves. */
async function scale(image: Square, side: number): Promise<Square> {
  const [from, to] = [image.side, side].map((length) => ({ width: length, height: length }));
  if (side < image.side) return { pixels: Uint8Array.from(resize(image.pixels, from!, to!), clip), side };
  const pixels = await raw(image).resize(side, side, { kernel: "cubic" }).toColourspace("b-w").raw().toBuffer();
  return { pixels, side };
}
