import { mapOf, place, type Span } from "./scale.ts";

type IntervalBarProps = {
  span: Span;
  value: number | null;
  low: number | null;
  high: number | null;
  /** A number to compare with. */
  mark?: number | null;
  /** The ends of the scale carry this colour where a row stands out. */
  tone?: "plain" | "warning";
};

const WIDTH = 140;
const HEIGHT = 16;

/** A value with its interval on a scale that the rows of a table share. Its words stand in the cells beside it. */
export function IntervalBar({ span, value, low, high, mark = null, tone = "plain" }: IntervalBarProps) {
  const toX = mapOf(span, 4, WIDTH - 4);
  const color = tone === "warning" ? "var(--warning)" : "var(--accent)";
  return (
    <svg aria-hidden width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="block">
      <line x1="4" x2={WIDTH - 4} y1="8" y2="8" stroke="var(--line)" />
      {mark !== null && (
        <line x1={place(toX(mark))} x2={place(toX(mark))} y1="1" y2="15" stroke="var(--muted)" strokeDasharray="2 2" />
      )}
      {low !== null && high !== null && (
        <line
          x1={place(toX(low))}
          x2={place(toX(high))}
          y1="8"
          y2="8"
          stroke={color}
          strokeWidth="4"
          strokeOpacity="0.35"
        />
      )}
      {value !== null && <circle cx={place(toX(value))} cy="8" r="3.5" fill={color} />}
    </svg>
  );
}
