/** The classes' shares over time: a column for each stretch of as many samples, the splits below. */
import { runColors } from "@/app/_ui/parts/run-color.ts";
import type { Stretch } from "@/lib/checks/rows/shares-over-time.ts";
import { type Split, splits } from "@/lib/wire/base/words.ts";

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
                // biome-ignore lint/suspicious/noArrayIndexKey: stretches of one day have the same times
                key={`${column} ${labels[label]}`}
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
      <SplitsOverTime stretches={stretches} />
    </figure>
  );
}

/** Shades of a split, in the order in which samples are used. */
const shades: Record<Split, string> = { train: "opacity-30", validation: "opacity-60", test: "opacity-100" };

/** Which split each stretch is in, as a strip, and what its shades mean: a split may be too narrow for its name. */
function SplitsOverTime({ stretches }: { stretches: Stretch[] }) {
  const parts = partsOf(stretches);
  const used = splits.filter((split) => parts.some((part) => part.split === split));
  // where a split comes twice, one date says nothing of it
  const isInOrder = parts.length === used.length;
  return (
    <>
      <div aria-hidden className="flex h-1.5 gap-px">
        {parts.map(({ split, count, at }) => (
          <span key={at} style={{ flexGrow: count }} className={`bg-muted ${shades[split]}`} />
        ))}
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        {(isInOrder ? parts.map(({ split }) => split) : used).map((split) => (
          <span key={split} className="inline-flex items-center gap-1.5 whitespace-nowrap">
            <span aria-hidden className={`size-2.5 bg-muted ${shades[split]}`} />
            {split}
            {isInOrder && ` from ${parts.find((part) => part.split === split)!.from.slice(0, 10)}`}
          </span>
        ))}
      </div>
    </>
  );
}

/** `at`: its place among the parts. */
type SplitSpan = { split: Split; count: number; from: string; at: number };

/** Stretches of one split that follow each other. */
function partsOf(stretches: Stretch[]): SplitSpan[] {
  const found: SplitSpan[] = [];
  for (const { split, from } of stretches)
    if (found.at(-1)?.split === split) found.at(-1)!.count++;
    else found.push({ split, count: 1, from, at: found.length });
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
