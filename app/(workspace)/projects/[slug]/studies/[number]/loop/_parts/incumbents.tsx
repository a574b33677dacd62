import { AxisLinks } from "@/app/_ui/figures/axis-links.tsx";
import { Figure, LegendEntry } from "@/app/_ui/figures/figure.tsx";
import { type Mark, Plot, type Point } from "@/app/_ui/figures/plot.tsx";
import { spanOf } from "@/app/_ui/figures/scale.ts";
import type { StoryPoint } from "@/lib/loops/story.ts";
import type { Study } from "@/lib/wire/studies/studies.ts";
import { countWords, valueWords } from "@/lib/words/numbers.ts";

const axes = ["candidates", "runs", "hours"] as const;
type SpentAxis = (typeof axes)[number];
const axisWords: Record<SpentAxis, string> = { candidates: "candidates", runs: "runs", hours: "hours of training" };

/** Which axis an address asks for. */
export const spentAxis = (asked: string | null): SpentAxis => axes.find((one) => one === asked) ?? "candidates";

type IncumbentsProps = { points: StoryPoint[]; objective: Study["objective"]; axis: SpentAxis };

/** What the loop held over what was spent, beside the best single value so far. */
export function Incumbents({ points, objective, axis }: IncumbentsProps) {
  const x = points.map(({ spent }) => spent[axis]);
  const kept = points.filter(({ isKept }) => isKept).length;
  const last = points.findLast(({ incumbent }) => incumbent !== null);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <AxisLinks words={axisWords} axis={axis} hrefOf={(one) => `?spent=${one}`} />
      <Figure
        id="figure-incumbents"
        title={`${objective.metric} of the incumbent, by ${axisWords[axis]}`}
        summary={`${countWords(points.length - 1, "ruling")}, ${countWords(kept, "keep")}${
          last ? `; the incumbent's mean is ${valueWords(last.incumbent!)}` : ""
        }.`}
        table={{
          columns: ["ruling", ...axes, "candidate's first value", "incumbent's mean", "best single value", "kept"],
          rows: points.map(({ number, spent, candidate, incumbent, greedy, isKept }) => [
            number,
            ...axes.map((one) => spent[one]),
            candidate ?? "",
            incumbent ?? "",
            greedy ?? "",
            isKept ? "yes" : "no",
          ]),
        }}
        legend={
          <>
            <LegendEntry color="var(--accent)">mean over the incumbent's runs</LegendEntry>
            <LegendEntry color="var(--warning)" dashed>
              best single value so far
            </LegendEntry>
            <LegendEntry color="var(--muted)" shape="dot">
              first run of a candidate
            </LegendEntry>
            {kept > 0 && <LegendEntry color="var(--finished)">keep</LegendEntry>}
          </>
        }
      >
        <Plot
          x={{ from: 0, to: Math.max(...x, axis === "hours" ? 0.001 : 1) * 1.02, label: axisWords[axis] }}
          y={{ ...spanOf(inSight(points)), label: objective.metric }}
          marks={marksOf(points, x)}
        />
      </Figure>
    </div>
  );
}

/** Lines in whole, and of the dots those that aren't far behind. */
function inSight(points: StoryPoint[]): number[] {
  const lines = points.flatMap(({ incumbent, greedy }) => [incumbent, greedy].filter((one) => one !== null));
  const [low, high] = [Math.min(...lines), Math.max(...lines)];
  const room = high - low || Math.abs(high) * 0.02 || 1;
  const dots = points.flatMap(({ candidate }) => candidate ?? []);
  return [...lines, ...dots.filter((value) => value >= low - 2 * room && value <= high + 2 * room)];
}

function marksOf(points: StoryPoint[], x: number[]): Mark[] {
  const span = spanOf(inSight(points));
  const dots = points.flatMap(({ candidate, number }, at) => (candidate === null ? [] : [{ at, candidate, number }]));
  const keeps = points.flatMap(({ isKept }, at) => (isKept ? [x[at]!] : []));
  return [
    ...keeps.map(
      (at): Mark => ({
        kind: "line",
        points: [
          [at, span.from],
          [at, span.to],
        ],
        color: "var(--finished)",
      }),
    ),
    {
      kind: "dots",
      points: dots.map(({ at, candidate }): Point => [x[at]!, candidate]),
      color: "var(--muted)",
      opacity: 0.6,
      titles: dots.map(({ candidate, number }) => `ruling ${number}: ${valueWords(candidate)}`),
    },
    { kind: "line", points: stepsOf(points, x, "greedy"), color: "var(--warning)", dashed: true },
    { kind: "line", points: stepsOf(points, x, "incumbent") },
  ];
}

/** Flat until it changes. */
function stepsOf(points: StoryPoint[], x: number[], name: "incumbent" | "greedy"): Point[] {
  let before: number | null = null;
  return points.flatMap((point, at): Point[] => {
    const value = point[name];
    if (value === null) return [];
    const steps: Point[] =
      before === null
        ? [[x[at]!, value]]
        : [
            [x[at]!, before],
            [x[at]!, value],
          ];
    before = value;
    return steps;
  });
}
