/** A few values as a small picture: each as a dot, and the best so far as a line. */
import { significantWords } from "@/lib/words/numbers.ts";

type SparklineProps = {
  /** Oldest first. */
  values: number[];
  /** Which of two is better. */
  direction: "min" | "max";
  /** What the values are of, for who sees no picture. */
  label: string;
};

const [WIDTH, HEIGHT, EDGE] = [104, 24, 3];
const DIGITS = 4;

export function Sparkline({ values, direction, label }: SparklineProps) {
  if (values.length === 0) return null;
  const best = direction === "max" ? Math.max : Math.min;
  const soFar = values.map((_, at) => best(...values.slice(0, at + 1)));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (at: number) => EDGE + (at * (WIDTH - 2 * EDGE)) / Math.max(1, values.length - 1);
  const y = (value: number) =>
    high === low ? HEIGHT / 2 : EDGE + ((high - value) / (high - low)) * (HEIGHT - 2 * EDGE);
  const steps = soFar.map((value, at) => (at === 0 ? `M${x(0)} ${y(value)}` : `H${x(at)}V${y(value)}`)).join("");
  const bestAt = values.indexOf(soFar.at(-1)!);
  const words = [values[0]!, values.at(-1)!, soFar.at(-1)!].map((value) => significantWords(value, DIGITS));
  const summary = `${label}: first ${words[0]}, last ${words[1]}, best ${words[2]}`;
  return (
    <svg role="img" aria-label={summary} width={WIDTH} height={HEIGHT} className="block overflow-visible">
      <title>{summary}</title>
      <path d={steps} fill="none" stroke="currentColor" strokeWidth="1.5" className="text-accent" />
      {values.map((value, at) => (
        <circle
          // biome-ignore lint/suspicious/noArrayIndexKey: a dot is known by its place alone
          key={at}
          cx={x(at)}
          cy={y(value)}
          r={at === bestAt ? 2.5 : 1.5}
          fill="currentColor"
          className={at === bestAt ? "text-accent" : "text-muted"}
        />
      ))}
    </svg>
  );
}
