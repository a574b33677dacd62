/** How far scores of one recipe lie apart for its seed alone. Pure. */
import { chiSquareTail } from "../distributions/chi-square.ts";
import { because, isUndefined, type Measured } from "../measured.ts";
import { mean } from "../moments.ts";

/** Replicates of one recipe, in the order of their runs. */
export type Replicates = {
  /** Null: the run crashed or diverged. */
  values: (number | null)[];
  /** The seed of each; left out: all differ. A seed's first value counts. */
  seeds?: (string | number)[];
  /** Its first value was looked at before the others were ordered, and is left out. */
  selected?: boolean;
};

export type NoiseFloor = {
  groupsUsed: number;
  dof: number;
  /** The pooled variance. Undefined without a degree of freedom. */
  variance: Measured;
  sd: Measured;
  /** Bartlett's test (1937) that the groups share one variance. Undefined below two groups, or where one has no spread. */
  bartlettP: Measured;
  /** Its p is below .01: one floor fits the groups badly. */
  uneven: boolean;
  /** none: too few degrees of freedom; zero: the seed changes nothing; weak: fewer than `okDof`. */
  status: "none" | "zero" | "weak" | "ok";
  /** How many more runs of the incumbent would make a floor; 0 where there is one. */
  runIncumbent: number;
};

/**
 * The variance within recipes, pooled over the newest groups (given newest first) that have two values or more. Of one
 * metric, validation digest, budget and class of hardware. Assumes normal noise that is alike in all groups.
 */
export function noiseFloor(
  groups: Replicates[],
  {
    incumbentRuns,
    minDof = 2,
    okDof = 8,
    groupsMax = 20,
  }: { incumbentRuns: number; minDof?: number; okDof?: number; groupsMax?: number },
): NoiseFloor {
  const used = groups
    .map(usedValues)
    .filter((values) => values.length >= 2)
    .slice(0, groupsMax);
  const dof = used.reduce((sum, values) => sum + values.length - 1, 0);
  const squares = used.map(squaresOf);
  const total = squares.reduce((a, b) => a + b, 0);
  const none = because("no-repeated-recipe");
  const bartlettP = bartlett(used, squares);
  const status = dof < minDof ? "none" : total === 0 ? "zero" : dof < okDof ? "weak" : "ok";
  return {
    groupsUsed: used.length,
    dof,
    variance: dof === 0 ? none : total / dof,
    sd: dof === 0 ? none : Math.sqrt(total / dof),
    bartlettP,
    uneven: !isUndefined(bartlettP) && bartlettP < 0.01,
    status,
    runIncumbent: status === "none" ? minDof - dof + (incumbentRuns === 0 ? 1 : 0) : 0,
  };
}

function usedValues({ values, seeds, selected = false }: Replicates): number[] {
  const seen = new Set<string | number>();
  const kept = values.filter((value, at): value is number => {
    if (value === null) return false;
    const seed = seeds?.[at];
    if (seed === undefined) return true;
    if (seen.has(seed)) return false;
    seen.add(seed);
    return true;
  });
  return selected ? kept.slice(1) : kept;
}

function squaresOf(values: number[]): number {
  const centre = mean(values);
  // equal values have no spread, whatever their mean rounds to
  if (values.every((value) => value === values[0])) return 0;
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}

function bartlett(groups: number[][], squares: number[]): Measured {
  const k = groups.length;
  if (k < 2) return because("one-group");
  if (squares.includes(0)) return because("group-without-spread");
  const dofs = groups.map((values) => values.length - 1);
  const dof = dofs.reduce((a, b) => a + b, 0);
  const pooled = squares.reduce((a, b) => a + b, 0) / dof;
  const statistic = squares.reduce(
    (sum, one, at) => sum - dofs[at]! * Math.log(one / dofs[at]!),
    dof * Math.log(pooled),
  );
  const inverse = dofs.reduce((sum, one) => sum + 1 / one, 0) - 1 / dof;
  return chiSquareTail(statistic / (1 + inverse / (3 * (k - 1))), k - 1);
}
