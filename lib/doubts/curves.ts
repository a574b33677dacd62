/** The doubt of curves that still fell at their end (P37), of those runs alone that the best is taken from. */
import type { Actor } from "../access/actor.ts";
import { readPoints } from "../metrics/read-points.ts";
import { lateGain, readCurve } from "../playbook/curves.ts";
import type { DoubtOf } from "../wire/doubts.ts";
import type { PointSeries } from "../wire/points/points.ts";
import { bestOfRecipes, costBy, type Group, type Measured, namedRuns, type Primary, primaryKey } from "./facts.ts";

/** Recipes of each group whose best run is looked at. */
const CONTENDERS = 4;
/** A curve of so many pixels: up to 256 evaluations are all of them. */
const PIXELS = 64;
/** Fewer say nothing of an end: a fifth of them is no line. */
const POINTS_MIN = 8;

type Contender = { run: Measured; group: Group };
export type FallingRead = { doubts: DoubtOf<"still-falling">[] /** Contenders without a curve. */; uncharted: number };

export async function fallingDoubts(
  actor: Actor,
  projectId: string,
  groups: readonly Group[],
  primary: Primary,
): Promise<FallingRead> {
  const contenders = groups.flatMap((group) =>
    bestOfRecipes(group)
      .slice(0, CONTENDERS)
      .map((run): Contender => ({ run, group })),
  );
  if (contenders.length === 0) return { doubts: [], uncharted: 0 };
  const asked = { project: projectId, runs: contenders.map(({ run }) => run.id), series: [primaryKey(primary)] };
  const curves = await readPoints(actor, { ...asked, from: 0, px: PIXELS, isUnwatched: true });
  const byRun = new Map(curves.map((curve) => [curve.run, curve]));
  return fallingOf(contenders, byRun, primary);
}

function fallingOf(
  contenders: readonly Contender[],
  curves: ReadonlyMap<string, PointSeries>,
  primary: Primary,
): FallingRead {
  let uncharted = 0;
  const falling: { run: Measured; gain: number }[] = [];
  for (const { run, group } of contenders) {
    const costs = costsOf(curves.get(run.id), primary);
    if (costs.length < POINTS_MIN) uncharted += 1;
    else {
      const gain = lateGain(readCurve(costs, { tolerance: 0 }), costs.length, group.resolution);
      if (gain !== null) falling.push({ run, gain });
    }
  }
  if (falling.length === 0) return { doubts: [], uncharted };
  const named = namedRuns(falling.map(({ run }) => run));
  const metric = primaryKey(primary);
  return { doubts: [{ kind: "still-falling", tone: "note", ...named, metric, gain: falling[0]!.gain }], uncharted };
}

/** Finite values, lower better. */
function costsOf(curve: PointSeries | undefined, primary: Primary): number[] {
  if (!curve) return [];
  return [...(curve.means ?? curve).values].filter(Number.isFinite).map(costBy(primary));
}
