/** Curves as small as a cell: of each series of each run a line, all of a row on the same scales. */
import type { Actor } from "../access/actor.ts";
import { readPoints } from "../metrics/read-points.ts";
import type { PointSeries } from "../wire/points/points.ts";
import { seriesKey } from "../wire/points/series-name.ts";
import { SPARK } from "./spark-size.ts";

/** So many pixels are read of each curve. */
const PIXELS = 24;

/** Lines by series and run, as the `d` of an SVG path in `SPARK`; a run without two finite points has none. */
export type Sparklines = Record<string, Record<string, string>>;

/** Throws as `readPoints` does. */
export async function readSparklines(
  actor: Actor,
  project: string,
  { runs, series }: { runs: string[]; series: string[] },
): Promise<Sparklines> {
  const points = await readPoints(actor, { runs, series, project, px: PIXELS, from: 0 });
  const byKey = new Map<string, PointSeries[]>();
  for (const one of points) byKey.set(seriesKey(one), [...(byKey.get(seriesKey(one)) ?? []), one]);
  return Object.fromEntries([...byKey].map(([key, curves]) => [key, drawRow(curves)]));
}

type Curve = Pick<PointSeries, "run" | "steps" | "values" | "means">;

/** The finite points of an envelope are its means: its spikes would fill so small a picture. */
export function drawRow(curves: readonly Curve[]): Record<string, string> {
  const finite = curves.map((curve) => {
    const { steps, values } = curve.means ?? curve;
    const at = [...values.keys()].filter((index) => Number.isFinite(values[index]!));
    return { run: curve.run, steps: at.map((index) => steps[index]!), values: at.map((index) => values[index]!) };
  });
  const span = (numbers: number[]): [number, number] => [
    numbers.reduce((low, one) => Math.min(low, one), Number.POSITIVE_INFINITY),
    numbers.reduce((high, one) => Math.max(high, one), Number.NEGATIVE_INFINITY),
  ];
  const [left, right] = span(finite.flatMap(({ steps }) => steps));
  const [low, high] = span(finite.flatMap(({ values }) => values));
  const x = (step: number) => Math.round((SPARK.width * (step - left)) / (right - left || 1));
  const y = (value: number) =>
    high === low ? SPARK.height / 2 : Math.round((10 * SPARK.height * (high - value)) / (high - low)) / 10;
  return Object.fromEntries(
    finite.flatMap(({ run, steps, values }) =>
      steps.length < 2 ? [] : [[run, `M${steps.map((step, at) => `${x(step)} ${y(values[at]!)}`).join("L")}`]],
    ),
  );
}
