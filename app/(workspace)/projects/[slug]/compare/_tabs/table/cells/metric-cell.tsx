/** A metric of a run in a cell: its curve, its value, and how far that lies from the baseline's, with what it is worth. */
import { ArrowDown, ArrowUp } from "lucide-react";
import { memo } from "react";
import { SPARK } from "@/lib/compare/spark-size.ts";
import type { DifferenceKind } from "@/lib/wire/comparison.ts";
import { differenceVerdict } from "@/lib/words/comparison-words.ts";
import { significantWords, valueWords } from "@/lib/words/numbers.ts";
import type { MetricCells } from "../grid-data.ts";

export type Format = (value: number) => string;

type MetricCellProps = {
  cells: MetricCells;
  /** The run's place. */
  run: number;
  baseline: number;
  /** Whether the differences are of this baseline and summary: else the server's answer is on its way. */
  isCurrent: boolean;
  format: Format;
  line: string | undefined;
  color: string;
};

const SIGNIFICANT = 3;

/** `+0.0123`; nothing where it is nothing. */
export const deltaWords = (delta: number): string =>
  `${delta > 0 ? "+" : delta < 0 ? "−" : "±"}${significantWords(Math.abs(delta), SIGNIFICANT)}`;

/**
 * Its lines are blocks, and the table tells how wide a column is (`--column`): boxes that flex, or ask for their own width,
 * take half of the layout of a table.
 */
export const MetricCell = memo(function MetricCell(props: MetricCellProps) {
  const { cells, run, baseline, isCurrent, format, line, color } = props;
  const value = numberAt(cells, run);
  const recipe = cells.recipes[run];
  const difference = isCurrent ? cells.differences[run]! : null;
  const delta = difference ? difference[1] : deltaOf(cells, run, baseline);
  const kind: DifferenceKind | null = run === baseline ? "baseline" : (difference?.[0] ?? null);
  const isBarred = kind === "not-comparable";
  return (
    <span className={`block leading-[15px] ${isBarred ? "text-muted" : ""}`}>
      <span className="flex h-4 items-center gap-1">
        {line && <Curve line={line} color={color} />}
        <span className="ml-auto">{value === null ? <span className="text-muted">–</span> : format(value)}</span>
      </span>
      <span className="block h-[15px] overflow-hidden text-[11px] text-muted">
        {recipe && recipe[0] >= 2 && (
          <span className="float-left mr-1 max-w-full truncate">
            <span className="inline-block max-w-[clamp(0px,(var(--column,0px)-139px)*999,999px)] overflow-hidden align-bottom">
              {format(recipe[1])} ± {significantWords(recipe[2] ?? 0, 2)},&nbsp;
            </span>
            n={recipe[0]}
          </span>
        )}
        {kind !== "baseline" && kind !== "same-recipe" && !isBarred && delta !== null && (
          <span className={tones[kind ?? ""]}>{deltaWords(delta)}</span>
        )}
      </span>
      <Verdict kind={kind} cells={cells} run={run} />
    </span>
  );
});

const tones: Partial<Record<string, string>> = {
  better: "font-medium text-finished",
  worse: "font-medium text-danger",
};

function Verdict({ kind, cells, run }: { kind: DifferenceKind | null; cells: MetricCells; run: number }) {
  const look = "block h-[15px] truncate text-[11px]";
  if (kind === "no-value") return <span className={look} />;
  if (kind === null)
    return (
      <span className={`${look} text-muted`}>
        <span aria-hidden>…</span>
        <span className="sr-only">being compared</span>
      </span>
    );
  const Arrow = kind === "better" || kind === "worse" ? (cells.differences[run]![1]! > 0 ? ArrowUp : ArrowDown) : null;
  return (
    <span
      data-verdict={kind}
      className={`${look} ${tones[kind] ?? (kind === "baseline" ? "text-accent" : "text-muted")}`}
    >
      {Arrow && <Arrow aria-hidden className="mr-0.5 inline size-3 align-[-2px]" strokeWidth={2.5} />}
      {verdictOf(cells, run, kind)}
    </span>
  );
}

const verdictOf = (cells: MetricCells, run: number, kind: DifferenceKind): string =>
  differenceVerdict({ kind, detectable: cells.differences[run]?.[4] ?? null });

/** What a run's difference to the baseline comes to. */
export const verdictAt = (cells: MetricCells, run: number): string =>
  verdictOf(cells, run, cells.differences[run]?.[0] ?? "no-value");

const Curve = ({ line, color }: { line: string; color: string }) => (
  <svg
    aria-hidden
    viewBox={`0 0 ${SPARK.width} ${SPARK.height}`}
    preserveAspectRatio="none"
    className="h-3.5 w-[clamp(32px,(var(--column,0px)-139px)*999,64px)] min-w-0 shrink overflow-visible"
  >
    <path d={line} fill="none" stroke={color} strokeWidth="1.25" vectorEffect="non-scaling-stroke" />
  </svg>
);

/** Null where it has none; NaN and ∞ come as words. */
export function numberAt(cells: MetricCells, run: number): number | null {
  const value = cells.values[run] ?? null;
  return value === null ? null : Number(value);
}

/** What the server compares: the mean of its replicates where there are any, else its own value. */
function comparedAt(cells: MetricCells, run: number): number | null {
  const recipe = cells.recipes[run];
  if (recipe && recipe[0] >= 2) return recipe[1];
  const value = numberAt(cells, run);
  return value !== null && Number.isFinite(value) ? value : null;
}

/** As the server has it, until the server has it. */
function deltaOf(cells: MetricCells, run: number, baseline: number): number | null {
  const [own, other] = [comparedAt(cells, run), comparedAt(cells, baseline)];
  return own === null || other === null ? null : own - other;
}

/** All of a cell in words: for who points at it, and for the row's detail. */
export function cellWords(cells: MetricCells, run: number): string[] {
  const [kind, delta, low, high, , p] = cells.differences[run]!;
  const value = numberAt(cells, run);
  const recipe = cells.recipes[run];
  const step = cells.steps[run];
  return [
    value === null ? "no value" : `${valueWords(value)}${step == null ? "" : ` at step ${step}`}`,
    ...(recipe && recipe[0] >= 2
      ? [`mean of replicates ${valueWords(recipe[1])} ± ${significantWords(recipe[2] ?? 0, 2)}, n=${recipe[0]}`]
      : []),
    ...(delta === null || kind === "baseline" ? [] : [`${deltaWords(delta)} to the baseline`]),
    ...(low === null || high === null ? [] : [`95 % interval ${intervalOf(low, high)}`]),
    ...(p === null ? [] : [`p ${pWords(p)} by Holm of ${cells.family}`]),
    verdictOf(cells, run, kind),
  ];
}

export const intervalOf = (low: number, high: number): string =>
  `${significantWords(low, SIGNIFICANT)} to ${significantWords(high, SIGNIFICANT)}`.replaceAll("-", "−");
export const pWords = (p: number): string => (p < 1e-4 ? "< 0.0001" : significantWords(p, 3));
