/** Fewer points that draw the same line: M4 (Jugel et al., VLDB 2014). Pure. */
import type { PointColumns } from "../../wire/points/points.ts";

/**
 * For each of `px` equal parts of the range of steps its first, lowest, highest, last and first non-finite point: at
 * most 5·px points, every one real, every spike and every gap among them. `steps` must rise strictly. A series of at
 * most 4·px points is returned as it is.
 */
export function envelope(columns: PointColumns, px: number): PointColumns {
  const { steps, values } = columns;
  const length = steps.length;
  if (length <= 4 * px) return columns;
  const first = steps[0]!;
  const width = (steps[length - 1]! - first) / px || 1;
  const kept = new Uint32Array(Math.min(length, 5 * px));
  let count = 0;
  for (let start = 0, end = 0; start < length; start = end) {
    const part = Math.min(px - 1, Math.floor((steps[start]! - first) / width));
    const beyond = part === px - 1 ? Number.POSITIVE_INFINITY : first + (part + 1) * width;
    let [low, high, gap] = [start, start, start];
    for (end = start; end < length && (end === start || steps[end]! < beyond); end++) {
      const value = values[end]!;
      if (Number.isFinite(value)) {
        if (!Number.isFinite(values[low]!) || value < values[low]!) low = end;
        if (!Number.isFinite(values[high]!) || value > values[high]!) high = end;
      } else if (Number.isFinite(values[gap]!)) gap = end;
    }
    for (const index of [start, ...rising(low, high, gap), end - 1])
      if (count === 0 || kept[count - 1] !== index) kept[count++] = index;
  }
  const pick = (column: Float64Array) => {
    const picked = new Float64Array(count);
    for (let at = 0; at < count; at++) picked[at] = column[kept[at]!]!;
    return picked;
  };
  return { steps: pick(steps), times: pick(columns.times), values: pick(values) };
}

/** Three numbers in order; a sort by a function costs more than all else here. */
function rising(a: number, b: number, c: number): [number, number, number] {
  const [low, high] = a < b ? [a, b] : [b, a];
  if (c < low) return [c, low, high];
  return c < high ? [low, c, high] : [low, high, c];
}
