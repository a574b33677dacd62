import { Figure, LegendEntry } from "@/app/_ui/figures/figure.tsx";
import { Plot } from "@/app/_ui/figures/plot.tsx";
import type { Budget } from "@/lib/loops/story.ts";
import type { Loop } from "@/lib/wire/studies/loops.ts";
import { countWords, significantWords } from "@/lib/words/numbers.ts";

/** What of the error budget is spent, and what is left. */
export function ErrorBudget({ budget, loop }: { budget: Budget; loop: Loop }) {
  const { places, next, expectedFalse } = budget;
  const shown = [...places.map(({ level, isKept }) => ({ level, isKept })), { level: next, isKept: false }];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-3 text-sm">
      <p className="max-w-160">
        {places.length === 0
          ? "Nothing of the error budget is spent yet: "
          : `${countWords(places.length, "place is", "places are")} spent, by candidates that were confirmed; `}
        the next is tested at level {significantWords(next, 2)} (LORD++, {significantWords(loop.rule.alpha, 2)} in all).
        A keep gives back what later tests may spend.
      </p>
      {places.length > 0 && (
        <p className="max-w-160 text-muted">
          Where no candidate was better, at most {significantWords(expectedFalse, 2)} false keeps are expected of these
          tests, the sum of their levels; the loop has {countWords(loop.keeps, "keep")}.
        </p>
      )}
      {places.length > 0 && (
        <Figure
          id="figure-levels"
          title="Level of each place"
          summary={`${countWords(places.length, "place")}; the next has ${significantWords(next, 2)}.`}
          table={{
            columns: ["place", "level", "kept"],
            rows: shown.map(({ level, isKept }, at) => [
              at + 1,
              level,
              isKept ? "yes" : at === places.length ? "next" : "no",
            ]),
          }}
          legend={
            <>
              <LegendEntry color="var(--muted)" shape="area">
                discarded
              </LegendEntry>
              <LegendEntry color="var(--accent)" shape="area">
                kept
              </LegendEntry>
              <LegendEntry color="var(--warning)" shape="area">
                the next
              </LegendEntry>
            </>
          }
        >
          <Plot
            x={{
              from: 0.5,
              to: shown.length + 0.5,
              label: "place",
              ticks: shown.length <= 12 ? shown.map((_, at) => at + 1) : undefined,
            }}
            y={{ from: 0, to: Math.max(...shown.map(({ level }) => level)) * 1.1, label: "" }}
            height={180}
            marks={[
              bars(shown, (one, at) => !one.isKept && at < places.length, "var(--muted)"),
              bars(shown, (one) => one.isKept, "var(--accent)"),
              bars(shown, (_, at) => at === places.length, "var(--warning)"),
            ]}
          />
        </Figure>
      )}
    </div>
  );
}

type Shown = { level: number; isKept: boolean };

const bars = (shown: Shown[], is: (one: Shown, at: number) => boolean, color: string) => ({
  kind: "bars" as const,
  color,
  bars: shown.flatMap((one, at) => (is(one, at) ? [{ from: at + 0.5, to: at + 1.5, height: one.level }] : [])),
});
