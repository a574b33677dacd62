/** Small pictures of samples, scaled alike by the trainer and the server. */

/** A thumbnail's rows and columns. */
export const THUMBNAIL_SIDE = 32;

/** One channel `[height × width]` resized by the mean over the area that each new pixel covers. */
export function resize(
  pixels: ArrayLike<number>,
  from: { width: number; height: number },
  to: { width: number; height: number },
): Float64Array {
  const resized = new Float64Array(to.width * to.height);
  for (let row = 0; row < to.height; row++) {
    const [top, bottom] = [(row * from.height) / to.height, ((row + 1) * from.height) / to.height];
    for (let column = 0; column < to.width; column++) {
      const [left, right] = [(column * from.width) / to.width, ((column + 1) * from.width) / to.width];
      let total = 0;
      for (let y = Math.floor(top); y < bottom; y++) {
        const tall = Math.min(y + 1, bottom) - Math.max(y, top);
        for (let x = Math.floor(left); x < right; x++)
          total += pixels[y * from.width + x]! * tall * (Math.min(x + 1, right) - Math.max(x, left));
      }
      resized[row * to.width + column] = total / ((bottom - top) * (right - left));
    }
  }
  return resized;
}

/** The thumbnail of an image `[height, width, channels]` of uint8 with 1, 3 or 4 channels (the fourth is dropped). */
export function thumbnailOf(
  pixels: ArrayLike<number>,
  { width, height, channels }: { width: number; height: number; channels: number },
): Uint8Array {
  const kept = channels >= 3 ? 3 : 1;
  const thumbnail = new Uint8Array(THUMBNAIL_SIDE ** 2 * kept);
  const channel = new Float64Array(width * height);
  for (let which = 0; which < kept; which++) {
    for (let at = 0; at < channel.length; at++) channel[at] = pixels[at * channels + which]!;
    const small = resize(channel, { width, height }, { width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE });
    for (let at = 0; at < THUMBNAIL_SIDE ** 2; at++) thumbnail[at * kept + which] = Math.round(small[at]!);
  }
  return thumbnail;
}
