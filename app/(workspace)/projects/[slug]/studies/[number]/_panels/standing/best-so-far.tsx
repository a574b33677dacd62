import { AxisLinks } from "@/app/_ui/figures/axis-links.tsx";
import { Figure, type FigureTable, LegendEntry } from "@/app/_ui/figures/figure.tsx";
import { type Mark, Plot, type Point } from "@/app/_ui/figures/plot.tsx";
import { spanOf } from "@/app/_ui/figures/scale.ts";
import { type Progress, type ProgressAxis, progressAxes, progressOf } from "@/lib/studies/standing/best-so-far.ts";
import { countWords, valueWords } from "@/lib/words/numbers.ts";
import type { PanelProps, StudyPanel } from "../frame/panel.ts";
import { floorOf } from "./floor.ts";

const axisWords: Record<ProgressAxis, string> = { trials: "trials", steps: "steps", hours: "hours of training" };

/** The best result so far over what was spent, with launches and looks at the test split. */
async function BestSoFar(props: PanelProps) {
  const { review, study, query } = props;
  const floor = await floorOf(props);
  const progress = progressOf(review.facts, review.facts.noiseSd ?? floor.sd);
  if (!progress) return null;
  const axis = progressAxes.find((one) => one === query.get("spent")) ?? "trials";
  const { points, marks, noiseSd } = progress;
  const x = progress.spent[axis];
  const better = points.filter(({ isBetter }) => isBetter).length;
  const last = points.at(-1)!;
  return (
    <div className="grid gap-3">
      <AxisLinks words={axisWords} axis={axis} hrefOf={(one) => `?${withSpent(query, one)}#best-so-far`} />
      <Figure
        id="figure-best-so-far"
        title={`Best ${study.objective.metric} so far, by ${axisWords[axis]}`}
        summary={`${countWords(points.length, "result")}; the best is ${valueWords(last.best)}, and it was bettered ${countWords(better - 1, "time")}.`}
        table={JSON.stringify({
          columns: ["trial", "seed", ...progressAxes, "value", "best so far"],
          rows: points.map((one, at) => [
            one.number,
            one.replicate + 1,
            ...progressAxes.map((name) => progress.spent[name][at]!),
            one.value,
            one.best,
          ]),
        } satisfies FigureTable)}
        legend={
          <>
            <LegendEntry color="var(--accent)">best so far</LegendEntry>
            <LegendEntry color="var(--muted)" shape="dot">
              a result
            </LegendEntry>
            {noiseSd !== null && (
              <LegendEntry color="var(--accent)" shape="area">
                one sd between seeds
              </LegendEntry>
            )}
            {marks.some(({ kind }) => kind === "launch") && <LegendEntry color="var(--finished)">launch</LegendEntry>}
            {marks.some(({ kind }) => kind === "look") && (
              <LegendEntry color="var(--warning)" dashed>
                look at the test split
              </LegendEntry>
            )}
          </>
        }
      >
        <Plot
          x={{ from: 0, to: Math.max(...x, axis === "hours" ? 0.001 : 1) * 1.02, label: axisWords[axis] }}
          y={{ ...spanOf(inSight(progress)), label: study.objective.metric }}
          marks={marksOf(progress, x)}
        />
      </Figure>
    </div>
  );
}

/** So many results say their trial to the pointer; more are one shape. */
const TITLED_MAX = 200;

function resultsOf(points: Progress["points"], x: number[]): Mark {
  const results = points.map(({ value }, at): Point => [x[at]!, value]);
  const look = { points: results, color: "var(--muted)", opacity: 0.6 };
  if (points.length > TITLED_MAX) return { kind: "points", ...look };
  return { kind: "dots", ...look, titles: points.map(({ number, value }) => `trial ${number}: ${valueWords(value)}`) };
}

function withSpent(query: URLSearchParams, axis: ProgressAxis): string {
  const next = new URLSearchParams(query);
  next.set("spent", axis);
  return next.toString();
}

/** All results but those far behind, which would press the others into a line. */
function inSight({ points, noiseSd }: Progress): number[] {
  const bests = points.map(({ best }) => best);
  const [low, high] = [Math.min(...bests), Math.max(...bests)];
  const room = Math.max(high - low, noiseSd ?? 0, Math.abs(high) * 0.02) || 1;
  return [...bests, ...points.map(({ value }) => value)].filter(
    (value) => value >= low - 2 * room && value <= high + 2 * room,
  );
}

function marksOf({ points, marks, noiseSd }: Progress, x: number[]): Mark[] {
  const steps = points.flatMap(({ best }, at): Point[] => {
    const before = points[at - 1]?.best;
    return before === undefined
      ? [[x[at]!, best]]
      : [
          [x[at]!, before],
          [x[at]!, best],
        ];
  });
  const span = spanOf(inSight({ points, marks, noiseSd, spent: { trials: [], steps: [], hours: [] } }));
  const upright = (after: number): Point[] => {
    const at = after === 0 ? 0 : x[after - 1]!;
    return [
      [at, span.from],
      [at, span.to],
    ];
  };
  const shifted = (by: number): Point[] => steps.map(([at, value]) => [at, value + by]);
  return [
    ...(noiseSd === null ? [] : [{ kind: "band" as const, low: shifted(-noiseSd), high: shifted(noiseSd) }]),
    ...marks.map(({ kind, after }) => ({
      kind: "line" as const,
      points: upright(after),
      color: kind === "launch" ? "var(--finished)" : "var(--warning)",
      dashed: kind === "look",
    })),
    resultsOf(points, x),
    { kind: "line", points: steps },
  ];
}

export const bestSoFarPanel: StudyPanel = { name: "best-so-far", content: BestSoFar };
