/** A picture of what was told beside what is true. Pure. */
import { IGNORED_CLASS, type Mask } from "../../datasets/mask-png.ts";
import { colorOfClass } from "../../wire/alike/class-colors.ts";
import { THUMBNAIL_SIDE } from "../../wire/alike/thumbnail.ts";

/** `[height, width, 3]`, 0–255. */
export type Drawn = { width: number; height: number; pixels: Uint8Array };

/** A part is drawn no larger than this; every so many pixels stand for those between. */
const SIDE_MAX = 256;
/** White columns between the parts. */
const GAP = 2;
/** How much of the class's colour is seen over the picture. */
const OPACITY = 0.6;

/**
 * Three parts side by side: the true mask and the told one, each over the sample's thumbnail (grey or RGB, stretched; null:
 * over grey), and where they differ, white on black; what nobody knows is grey there.
 */
export function drawOverlay(truth: Mask, told: Mask, thumbnail: Uint8Array | null): Drawn {
  const every = Math.ceil(Math.max(truth.width, truth.height) / SIDE_MAX);
  const [width, height] = [Math.ceil(truth.width / every), Math.ceil(truth.height / every)];
  const whole = 3 * width + 2 * GAP;
  const pixels = new Uint8Array(whole * height * 3).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * every * truth.width + x * every;
      const [right, answer] = [truth.pixels[at]!, told.pixels[at]!];
      const ground = groundAt(thumbnail, x / width, y / height);
      const parts = [over(ground, right), over(ground, answer), differing(right, answer)];
      for (const [part, color] of parts.entries()) pixels.set(color, (y * whole + part * (width + GAP) + x) * 3);
    }
  return { width: whole, height, pixels };
}

type Color = [red: number, green: number, blue: number];

/** The thumbnail's colour at shares of its width and height. */
function groundAt(thumbnail: Uint8Array | null, right: number, down: number): Color {
  if (thumbnail === null) return [128, 128, 128];
  const at = Math.floor(down * THUMBNAIL_SIDE) * THUMBNAIL_SIDE + Math.floor(right * THUMBNAIL_SIDE);
  if (thumbnail.length === THUMBNAIL_SIDE ** 2) return [thumbnail[at]!, thumbnail[at]!, thumbnail[at]!];
  return [thumbnail[3 * at]!, thumbnail[3 * at + 1]!, thumbnail[3 * at + 2]!];
}

/** Class 0 is most often the ground, and left as the picture has it. */
function over(ground: Color, of: number): Color {
  if (of === 0 || of === IGNORED_CLASS) return ground;
  const color = colorOfClass(of);
  return ground.map((value, at) => Math.round((1 - OPACITY) * value + OPACITY * color[at]!)) as Color;
}

function differing(truth: number, told: number): Color {
  if (truth === IGNORED_CLASS) return [128, 128, 128];
  return truth === told ? [0, 0, 0] : [255, 255, 255];
}
