/** A curve of a few hundred values as it grows. */
import { significantWords } from "@/lib/words/numbers.ts";

const [WIDTH, HEIGHT, EDGE] = [240, 72, 3];

type CurveProps = {
  label: string;
  values: number[];
  /** The top of the picture; default: the largest value. The bottom is 0. */
  high?: number;
};

export function Curve({ label, values, high }: CurveProps) {
  const finite = values.filter(Number.isFinite);
  const top = high ?? Math.max(...finite, Number.MIN_VALUE);
  const x = (at: number) => EDGE + (at * (WIDTH - 2 * EDGE)) / Math.max(1, finite.length - 1);
  const y = (value: number) => HEIGHT - EDGE - (value / top) * (HEIGHT - 2 * EDGE);
  const line = finite.map((value, at) => `${at === 0 ? "M" : "L"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const said = finite.length === 0 ? "nothing yet" : `last ${significantWords(finite.at(-1)!, 4)}`;
  return (
    <figure className="grid gap-1">
      <figcaption className="text-xs text-muted">{label}</figcaption>
      <svg
        role="img"
        aria-label={`${label}: ${said}`}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className="w-full rounded border border-line text-accent"
      >
        <path d={line} fill="none" stroke="currentColor" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
      </svg>
    </figure>
  );
}
