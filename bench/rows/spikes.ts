/** Whether every planted spike, dip and gap of a long series is in the answer that a chart gets. */
import type { PointSeries } from "../../lib/wire/points/points.ts";
import { decodePoints, POINTS_CONTENT_TYPE } from "../../lib/wire/points/points-codec.ts";
import { type Context, type Row, rowOf, shown } from "../harness.ts";
import type { Writer } from "../load.ts";
import { METRIC } from "../metric.ts";
import { type PlantedCurve, randomOf } from "../series.ts";

const WINDOWS = 500;
const WIDTHS_PX = [200, 500, 1000, 2000];

type Counts = { expected: number; found: number };

/** A chart may read one entry of the pyramid for two pixels: of two spikes that near it shows the higher. */
const NEAR_PX = 2;

/** Row 5. Each spike is asked for that has no higher one of its sign within two pixels. */
export async function countSpikes(context: Context, { run }: Writer, curve: PlantedCurve): Promise<Row[]> {
  const random = randomOf(context.seed + 300);
  const spikes: Counts = { expected: 0, found: 0 };
  const gaps: Counts = { expected: 0, found: 0 };
  for (let window = 0; window < (context.mode === "quick" ? WINDOWS / 5 : WINDOWS); window++) {
    const width = Math.round(10_000 * (curve.length / 10_000) ** random());
    // around a spike, so that a narrow window isn't empty
    const centre = curve.spikes[Math.floor(random() * curve.spikes.length)]!.step;
    const from = Math.min(Math.max(0, Math.floor(centre - width * random())), curve.length - width);
    for (const px of WIDTHS_PX) {
      const series = await fetchPoints(context, run, from, from + width - 1, px);
      add(spikes, checkSpikes(series, curve, from, width, px));
      add(gaps, checkGaps(series, curve, from, width));
    }
  }
  const against = `${curve.spikes.length} spikes and dips, ${curve.gaps.length} runs of NaN in ${shown(curve.length)} points; random windows × ${WIDTHS_PX.join(", ")} px; asked for where none of its sign within two pixels is higher`;
  const row = (id: string, name: string, { expected, found }: Counts) =>
    rowOf({
      id,
      name,
      unit: "%",
      bar: { atLeast: 100 },
      against: `${against}; ${found} of ${expected}`,
      samples: [(found / expected) * 100],
    });
  return [
    row("5a", "spikes and dips shown at their exact step and value", spikes),
    row("5b", "runs of NaN shown, and every one of their points counted", gaps),
  ];
}

function add(to: Counts, counts: Counts): void {
  to.expected += counts.expected;
  to.found += counts.found;
}

function checkSpikes(
  { steps, values }: PointSeries,
  curve: PlantedCurve,
  from: number,
  width: number,
  px: number,
): Counts {
  const within = curve.spikes.filter(({ step }) => step >= from && step < from + width);
  const near = (NEAR_PX * width) / px + 1;
  const shown = new Map(Array.from(steps, (step, at) => [step, values[at]!]));
  const wanted = within.filter(
    ({ step, value }) => !within.some((other) => Math.abs(other.step - step) <= near && other.value / value > 1),
  );
  return { expected: wanted.length, found: wanted.filter(({ step, value }) => shown.get(step) === value).length };
}

/** Every point of the runs of NaN is counted, and each pixel that has one shows one. */
function checkGaps(series: PointSeries, curve: PlantedCurve, from: number, width: number): Counts {
  const nans = new Set<number>();
  for (const gap of curve.gaps)
    for (let step = Math.max(from, gap.step); step < Math.min(from + width, gap.step + gap.count); step++)
      nans.add(step);
  for (const { step } of curve.spikes) nans.delete(step);
  const shown = Array.from(series.values).filter((value, at) => Number.isNaN(value) && nans.has(series.steps[at]!));
  const isShown = nans.size === 0 || shown.length > 0;
  const expected = nans.size === 0 ? 1 : 2;
  return { expected, found: (series.nonFiniteCount === nans.size ? 1 : 0) + (nans.size > 0 && isShown ? 1 : 0) };
}

async function fetchPoints(context: Context, run: string, from: number, to: number, px: number): Promise<PointSeries> {
  const url = `${context.app.url}/api/v1/runs/${run}/metrics?series=train/${METRIC}&from=${from}&to=${to}&px=${px}`;
  const headers = { authorization: `Bearer ${context.tokens.read}`, accept: POINTS_CONTENT_TYPE };
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return decodePoints(await response.arrayBuffer())[0]!;
}
