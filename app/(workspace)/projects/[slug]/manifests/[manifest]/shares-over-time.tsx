/** The classes' shares over time: a column for each stretch of as many samples, the splits below. */
import { runColors } from "@/app/_ui/parts/run-color.ts";
import type { Stretch } from "@/lib/checks/shares-over-time.ts";

const SHOWN = 8;
const WIDTH = 480;
const HEIGHT = 120;

export function SharesOverTime({ stretches, labels }: { stretches: Stretch[]; labels: string[] }) {
  const totals = labels.map((_, at) => stretches.reduce((sum, one) => sum + one.counts[at]!, 0));
  const largest = labels
    .map((_, at) => at)
    .sort((a, b) => totals[b]! - totals[a]!)
    .slice(0, SHOWN)
    .sort((a, b) => a - b);
  const width = WIDTH / stretches.length;
  const fill = (place: number) => runColors[place % runColors.length];
  return (
    <figure className="grid max-w-xl gap-2 pt-6">
      <figcaption className="text-sm">
        Over time{" "}
        <span className="text-muted">
          (each column as many samples{labels.length > SHOWN && `; the ${SHOWN} most frequent`})
        </span>
      </figcaption>
      <div className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        {largest.map((label, place) => (
          <span key={labels[label]} className="inline-flex items-center gap-1.5">
            <svg aria-hidden className="size-2.5">
              <rect width="10" height="10" fill={fill(place)} />
            </svg>
            {labels[label]}
          </span>
        ))}
      </div>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-30 w-full"
        role="img"
        aria-label={words(stretches, labels)}
      >
        {stretches.map((stretch, column) => {
          const total = stretch.counts.reduce((sum, n) => sum + n, 0);
          let top = HEIGHT;
          return largest.map((label, place) => {
            const height = (stretch.counts[label]! / total) * HEIGHT;
            top -= height;
            return (
              <rect
                key={`${stretch.from} ${labels[label]}`}
                x={column * width}
                y={top}
                width={width - 1}
                height={height}
                fill={fill(place)}
              />
            );
          });
        })}
      </svg>
      <div className="flex text-xs text-muted">
        {runs(stretches).map(({ split, count, from }) => (
          <span
            key={from}
            style={{ flexGrow: count, flexBasis: 0 }}
            className="min-w-0 truncate border-l border-line-strong pl-1"
          >
            {split} <span className="hidden sm:inline">from {from.slice(0, 10)}</span>
          </span>
        ))}
      </div>
    </figure>
  );
}

/** Stretches of one split that follow each other. */
function runs(stretches: Stretch[]): { split: string; count: number; from: string }[] {
  const found: { split: string; count: number; from: string }[] = [];
  for (const { split, from } of stretches)
    if (found.at(-1)?.split === split) found.at(-1)!.count++;
    else found.push({ split, count: 1, from });
  return found;
}

const words = (stretches: Stretch[], labels: string[]): string => {
  const share = (stretch: Stretch, at: number) =>
    `${Math.round(
      (100 * stretch.counts[at]!) /
        Math.max(
          1,
          stretch.counts.reduce((a, b) => a + b, 0),
        ),
    )} %`;
  const [first, last] = [stretches[0]!, stretches.at(-1)!];
  return `Shares from ${first.from.slice(0, 10)} to ${last.to.slice(0, 10)}: ${labels
    .slice(0, SHOWN)
    .map((label, at) => `${label} ${share(first, at)} at first, ${share(last, at)} at last`)
    .join("; ")}`;
};
