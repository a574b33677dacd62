/** The bootstrap of means over samples, or over samples in groups. Pure. */
import { bootstrapUnits, type Resampling } from "./bootstrap.ts";

/** Sums by unit: a unit is a sample, or a group. */
export type UnitSums = {
  /** Of each of the values, by unit. */
  sums: Float64Array[];
  /** How many samples each unit has. */
  sizes: Float64Array;
};

/** `columns[c][i]` is value c of sample i, `group[i]` its group; without groups each sample is a unit. */
export function unitSums(columns: Float64Array[], groups: { of: ArrayLike<number>; count: number } | null): UnitSums {
  if (groups === null) return { sums: columns, sizes: new Float64Array(columns[0]?.length ?? 0).fill(1) };
  const sizes = new Float64Array(groups.count);
  const sums = columns.map(() => new Float64Array(groups.count));
  for (let at = 0; at < groups.of.length; at++) sizes[groups.of[at]!]!++;
  for (const [of, column] of columns.entries())
    for (let at = 0; at < column.length; at++) sums[of]![groups.of[at]!]! += column[at]!;
  return { sums, sizes };
}

/** Replicates of the mean of each of the values: the same units are drawn for all. */
export function bootstrapMeans({ sums, sizes }: UnitSums, draw: Resampling): Float64Array[] {
  const replicates = sums.map(() => new Float64Array(draw.resamples));
  let row = 0;
  bootstrapUnits(sizes.length, draw, (weights) => {
    let size = 0;
    for (let at = 0; at < sizes.length; at++) size += weights[at]! * sizes[at]!;
    for (const [of, column] of sums.entries()) {
      let sum = 0;
      for (let at = 0; at < column.length; at++) sum += weights[at]! * column[at]!;
      replicates[of]![row] = sum / size;
    }
    row++;
    return 0;
  });
  return replicates;
}

/** The mean of each of the values without each unit in turn, for BCa. */
export function jackknifeMeans({ sums, sizes }: UnitSums): Float64Array[] {
  const size = sizes.reduce((a, b) => a + b, 0);
  return sums.map((column) => {
    const sum = column.reduce((a, b) => a + b, 0);
    return column.map((one, at) => (sum - one) / (size - sizes[at]!));
  });
}
