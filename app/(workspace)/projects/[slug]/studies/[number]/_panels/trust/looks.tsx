import Link from "next/link";
import { Figure, LegendEntry } from "@/app/_ui/figures/figure.tsx";
import { Plot, type Point } from "@/app/_ui/figures/plot.tsx";
import { manifestLooksHref } from "@/app/paths.ts";
import type { LooksData } from "@/lib/studies/panels/trust/looks.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { drawn, type PanelProps } from "../frame/panel.ts";

/** Trials and looks on one timeline; what began after the first look is shaded. No number of the test is here. */
function Looks({ data: { looks, trials, after }, project, study }: PanelProps & { data: LooksData }) {
  const times = [...trials, ...looks.map(({ at }) => at)].map((at) => Date.parse(at));
  const [from, end] = [Math.min(...times), Math.max(...times)];
  const to = end > from ? end : from + 60_000;
  const first = Date.parse(looks[0]!.at);
  const rowOf = (all: string[], y: number): Point[] => all.map((at) => [Date.parse(at), y]);
  const dates = [from, (from + to) / 2, to];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:grid-cols-[minmax(0,480px)_minmax(0,1fr)]">
      <Figure
        id="figure-looks"
        title="Trials and test looks over time"
        summary={`${countWords(looks.length, "look")}; ${countWords(after, "trial")} of ${trials.length} began after the first.`}
        table={{
          columns: ["at", "what"],
          rows: [...trials.map((at) => [at, "trial"]), ...looks.map(({ at }) => [at, "look"])],
        }}
        legend={
          <>
            <LegendEntry color="var(--accent)" shape="dot">
              trial
            </LegendEntry>
            <LegendEntry color="var(--danger)" shape="dot">
              look
            </LegendEntry>
            <LegendEntry color="var(--danger)" shape="area">
              after the first look
            </LegendEntry>
          </>
        }
      >
        <Plot
          height={130}
          x={{
            from,
            to,
            label: "UTC",
            ticks: dates,
            format: (at) => new Date(at).toISOString().slice(5, 16).replace("T", " "),
          }}
          y={{
            from: 0,
            to: 3,
            label: "",
            ticks: [1, 2],
            format: (y) => (y === 1 ? "trials" : "looks"),
          }}
          marks={[
            { kind: "region", from: Math.max(first, from), to, color: "var(--danger)" },
            { kind: "points", points: rowOf(trials, 1), opacity: 0.6 },
            {
              kind: "dots",
              points: rowOf(
                looks.map(({ at }) => at),
                2,
              ),
              color: "var(--danger)",
              radius: 4,
            },
          ]}
        />
      </Figure>
      <p className="text-sm">
        {countWords(looks.length, "look")} at the test split of this study's manifest, of all projects;{" "}
        {countWords(after, "trial")} of {trials.length} began after the first.{" "}
        {study.manifest && (
          <Link
            prefetch={false}
            href={manifestLooksHref(project.slug, study.manifest)}
            className="text-accent underline"
          >
            The ledger
          </Link>
        )}
      </p>
    </div>
  );
}

export const looksPanel = drawn("looks", Looks);
