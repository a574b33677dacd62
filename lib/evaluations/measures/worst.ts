/** The few samples with the smallest or the largest of a figure, without sorting all. Pure. */

/** Positions and figures, the smallest figure first; of equal ones the earlier position. */
export type Ranked = { sample: number; figure: number }[];

/** At most `count` of the samples whose figure isn't NaN. */
export function smallest(figures: ArrayLike<number>, count: number): Ranked {
  const kept: Ranked = [];
  for (let sample = 0; sample < figures.length; sample++) {
    const figure = figures[sample]!;
    if (Number.isNaN(figure)) continue;
    if (kept.length === count && figure >= kept[count - 1]!.figure) continue;
    let [low, high] = [0, kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (kept[middle]!.figure <= figure) low = middle + 1;
      else high = middle;
    }
    kept.splice(low, 0, { sample, figure });
    if (kept.length > count) kept.pop();
  }
  return kept;
}

export const largest = (figures: Float64Array, count: number): Ranked =>
  smallest(
    figures.map((figure) => -figure),
    count,
  ).map(({ sample, figure }) => ({ sample, figure: -figure }));
