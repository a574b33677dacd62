/** Pictures: grids of samples and of filters, and masks. */
import { encode } from "fast-png";
import { colorOfClass } from "../../../lib/wire/alike/class-colors.ts";

/** `pixels` are `[height, width, channels]`, 0–255; one channel is grey, three are red, green and blue. */
export type Picture = { height: number; width: number; channels: 1 | 3; pixels: Uint8Array };

export const encodePicture = ({ height, width, channels, pixels }: Picture): Uint8Array =>
  encode({ width, height, channels, depth: 8, data: pixels });

/** A mask as an indexed PNG: `[height, width]` indexes of classes, 0–255. Its palette is for whoever looks at it. */
export function encodeMask({ height, width, pixels }: Pick<Picture, "height" | "width" | "pixels">): Uint8Array {
  const last = pixels.reduce((most, pixel) => Math.max(most, pixel), 0);
  const palette = Array.from({ length: last + 1 }, (_, index) => colorOfClass(index));
  return encode({ width, height, channels: 1, depth: 8, data: pixels, palette });
}

const GAP = 1;

/** Tiles `[n, height, width, channels]` side by side, each stretched to the whole range unless `range` says to which. */
export function gridOf(
  values: ArrayLike<number>,
  [height, width, channels]: [number, number, number],
  { columns, zoom = 1, range = null }: { columns: number; zoom?: number; range?: [number, number] | null },
): Picture {
  const size = height * width * channels;
  const count = Math.floor(values.length / size);
  const shown: 1 | 3 = channels === 3 ? 3 : 1;
  const rows = Math.ceil(count / columns);
  const [tileHeight, tileWidth] = [height * zoom + GAP, width * zoom + GAP];
  const picture: Picture = {
    height: rows * tileHeight - GAP,
    width: columns * tileWidth - GAP,
    channels: shown,
    pixels: new Uint8Array(),
  };
  picture.pixels = new Uint8Array(picture.height * picture.width * shown);
  for (let tile = 0; tile < count; tile++) {
    const [least, most] = range ?? extremes(values, tile * size, size);
    const [top, left] = [Math.floor(tile / columns) * tileHeight, (tile % columns) * tileWidth];
    for (let y = 0; y < height * zoom; y++)
      for (let x = 0; x < width * zoom; x++)
        for (let channel = 0; channel < shown; channel++) {
          const from = tile * size + (Math.floor(y / zoom) * width + Math.floor(x / zoom)) * channels + channel;
          const share = most > least ? (values[from]! - least) / (most - least) : 0.5;
          picture.pixels[((top + y) * picture.width + left + x) * shown + channel] = Math.round(255 * share);
        }
  }
  return picture;
}

function extremes(values: ArrayLike<number>, start: number, size: number): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = start; at < start + size; at++) {
    least = Math.min(least, values[at]!);
    most = Math.max(most, values[at]!);
  }
  return [least, most];
}
