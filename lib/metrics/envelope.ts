/** Fewer points that draw the same line: M4 (Jugel et al., VLDB 2014). Pure. */
import type { Columns } from "./summary.ts";

/**
 * For each of `px` equal parts of the range of steps its first, lowest, highest, last and first non-finite point: at
 * most 5·px points, every one real, every spike and every gap among them. `steps` must rise strictly. A series of at
 * most 4·px points is returned as it is.
 */
export function envelope(columns: Columns, px: number): Columns {
  const { steps, values } = columns;
  const length = steps.length;
  if (length <= 4 * px) return columns;
  const first = steps[0]!;
  const width = (steps[length - 1]! - first) / px || 1;
  const kept: number[] = [];
  let start = 0;
  while (start < length) {
    const part = Math.min(px - 1, Math.floor((steps[start]! - first) / width));
    let end = start;
    let low = -1;
    let high = -1;
    let gap = -1;
    while (end < length && Math.min(px - 1, Math.floor((steps[end]! - first) / width)) === part) {
      const value = values[end]!;
      if (Number.isFinite(value)) {
        if (low < 0 || value < values[low]!) low = end;
        if (high < 0 || value > values[high]!) high = end;
      } else if (gap < 0) gap = end;
      end++;
    }
    const chosen = [start, low, high, gap, end - 1].filter((index) => index >= 0).sort((a, b) => a - b);
    for (const index of chosen) if (kept.at(-1) !== index) kept.push(index);
    start = end;
  }
  const pick = (column: Float64Array) => Float64Array.from(kept, (index) => column[index]!);
  return { steps: pick(steps), times: pick(columns.times), values: pick(values) };
}
