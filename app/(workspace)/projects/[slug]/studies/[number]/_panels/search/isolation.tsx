import { Figure, LegendEntry } from "@/app/_ui/figures/figure.tsx";
import { Plot, type Point } from "@/app/_ui/figures/plot.tsx";
import { spanOf } from "@/app/_ui/figures/scale.ts";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import type { Arm, Isolation, IsolationData } from "@/lib/studies/panels/search/isolation.ts";
import { countWords, numberWords, valueWords } from "@/lib/words/numbers.ts";
import { drawn, type PanelProps } from "../frame/panel.ts";

/** The best of each value, with how many trials it had, and what it is expected to be at equal counts. */
const Isolated = ({ data: { plots, noiseSd }, study }: PanelProps & { data: IsolationData }) => (
  <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
    {plots.map((plot, at) => (
      <div
        key={plot.name}
        className="grid grid-cols-[minmax(0,1fr)] gap-4 md:grid-cols-[minmax(0,380px)_minmax(0,1fr)]"
      >
        <IsolationFigure id={`figure-isolation-${at}`} plot={plot} noiseSd={noiseSd} metric={study.objective.metric} />
        <ArmTable plot={plot} />
      </div>
    ))}
  </div>
);

type IsolationFigureProps = { id: string; plot: Isolation; noiseSd: number | null; metric: string };

const LABEL_MAX = 9;

function IsolationFigure({ id, plot: { name, arms, k }, noiseSd, metric }: IsolationFigureProps) {
  const pick = (of: (arm: Arm) => number | null): Point[] =>
    arms.flatMap((arm, at) => (of(arm) === null ? [] : [[at, of(arm)!] as Point]));
  const [best, equal] = [pick((arm) => arm.best), pick((arm) => arm.equal)];
  const sd = noiseSd ?? 0;
  const isShort = arms.length <= 6;
  return (
    <Figure
      id={id}
      title={`Best ${metric} by ${name}`}
      summary={arms
        .map(({ label, best, count }) => `${label}: ${best === null ? "none" : valueWords(best)} of ${count}`)
        .join("; ")}
      table={{
        columns: [name, "trials", `best ${metric}`, `expected best of ${k}`],
        rows: arms.map(({ label, tried, best, equal }) => [label, tried, best ?? "", equal ?? ""]),
      }}
      legend={
        <>
          <LegendEntry color="var(--accent)" shape="dot">
            best{noiseSd === null ? "" : ", ± a seed's deviation"}
          </LegendEntry>
          <LegendEntry color="var(--warning)" shape="dot">
            expected best of {k}
          </LegendEntry>
        </>
      }
    >
      <Plot
        height={220}
        x={{
          from: -0.5,
          to: arms.length - 0.5,
          label: name,
          ticks: arms.map((_, at) => at),
          format: (at) => (isShort ? arms[at]!.label.slice(0, LABEL_MAX) : String(at + 1)),
        }}
        y={{
          ...spanOf(
            [...best, ...equal].flatMap(([, y]) => [y - sd, y + sd]),
            4,
          ),
          label: metric,
        }}
        marks={[
          ...(sd > 0
            ? [{ kind: "whiskers" as const, ends: best.map(([x, y]) => ({ x, low: y - sd, high: y + sd })) }]
            : []),
          { kind: "dots", points: best, radius: 4, titles: best.map(([x]) => arms[x]!.label) },
          { kind: "dots", points: equal.map(([x, y]): Point => [x + 0.12, y]), color: "var(--warning)" },
        ]}
      />
    </Figure>
  );
}

function ArmTable({ plot: { name, arms, k } }: { plot: Isolation }) {
  return (
    <WideTable label={`Best by ${name}`}>
      <table className="table flush dense">
        <thead>
          <tr>
            <th className="number">#</th>
            <th>{name}</th>
            <th className="number">Trials</th>
            <th className="number">Best</th>
            <th className="number">Expected best of {numberWords(k)}</th>
          </tr>
        </thead>
        <tbody>
          {arms.map(({ label, tried, count, best, equal, isBase }, at) => (
            <tr key={label}>
              <td className="number text-muted">{at + 1}</td>
              <td>
                {label}
                {isBase && <span className="text-muted"> · the base</span>}
              </td>
              <td className="number" title={`${countWords(count, "has", "have")} a value that counts`}>
                {numberWords(tried)}
              </td>
              <td className="number font-medium">{best === null ? "" : valueWords(best)}</td>
              <td className="number">{equal === null ? "" : valueWords(equal)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  );
}

export const isolationPanel = drawn("isolation", Isolated);
