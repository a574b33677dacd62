/** Where words stand beside the pointer. Pure. */

/** In CSS pixels from the top left corner of the window. */
type Spot = { x: number; y: number };
type Size = { width: number; height: number };

/** Between the pointer and the words; more than a pointer's own picture takes. */
const GAP = 14;
/** Between the words and the window's edge. */
const EDGE = 4;

/**
 * The top left corner of words of this size: to the right of the pointer, to its left where the window ends, below or
 * above it where neither side has room. They lie within the window, if they fit into it.
 */
export function placeBeside({ x, y }: Spot, { width, height }: Size, window: Size): { left: number; top: number } {
  const within = (start: number, length: number, whole: number) =>
    Math.max(EDGE, Math.min(start, whole - EDGE - length));
  if (x + GAP + width <= window.width - EDGE)
    return { left: x + GAP, top: within(y - height / 2, height, window.height) };
  if (x - GAP - width >= EDGE) return { left: x - GAP - width, top: within(y - height / 2, height, window.height) };
  const isBelow = y + GAP + height <= window.height - EDGE || y < window.height / 2;
  return {
    left: within(x - width / 2, width, window.width),
    top: within(isBelow ? y + GAP : y - GAP - height, height, window.height),
  };
}
