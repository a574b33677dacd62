import Link from "next/link";
import { IntervalBar } from "@/app/_ui/figures/interval-bar.tsx";
import { spanOf, UNIT } from "@/app/_ui/figures/scale.ts";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { evaluationSamplesHref } from "@/app/paths.ts";
import type { MetricName } from "@/lib/wire/evaluations/metrics.ts";
import { metricFacts } from "@/lib/wire/evaluations/metrics.ts";
import type { SliceRow, Slices as SlicesData } from "@/lib/wire/evaluations/slices.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { cutWords, slicesWords, sliceVerdict } from "@/lib/words/report/panel-words.ts";
import { intervalWords, isUndefined, measuredWords, metricTitle, scaledWords } from "@/lib/words/report-words.ts";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

const SHOWN = 12;

function SlicesPanel({ page: { evaluation, run, sealed, stored } }: PanelProps) {
  const data = stored.report.panels.slices;
  if (!data || data.cuts.length === 0) return null;
  const samplesHref = sealed
    ? null
    : (by: string, slice: string) =>
        evaluationSamplesHref(run.slug, run.id, evaluation.id, new URLSearchParams({ by, slice }));
  return (
    <div className="grid gap-5">
      <p className="max-w-180 text-sm text-muted">{slicesWords(data)}</p>
      {data.cuts.map((cut) => (
        <CutTable key={cut.by} cut={cut} data={data} samplesHref={samplesHref} />
      ))}
    </div>
  );
}

type CutTableProps = {
  cut: SlicesData["cuts"][number];
  data: SlicesData;
  samplesHref: ((by: string, slice: string) => string) | null;
};

function CutTable({ cut, data: { metric, overall, cuts }, samplesHref }: CutTableProps) {
  const span =
    metricFacts[metric].scale === "share"
      ? UNIT
      : spanOf([0, ...cuts.flatMap(({ slices }) => slices.flatMap(({ estimate }) => endsOf(estimate)))]);
  // what stands out comes first, then the largest
  const ordered = cut.slices.toSorted((a, b) => rankOf(a) - rankOf(b));
  const [shown, folded] = [ordered.slice(0, SHOWN), ordered.slice(SHOWN)];
  const rows = (slices: SliceRow[]) =>
    slices.map((slice) => (
      <tr key={slice.name}>
        <td className="max-w-60 truncate">
          {samplesHref === null ? (
            slice.name
          ) : (
            <Link prefetch={false} href={samplesHref(cut.by, slice.name)} className="hover:text-accent">
              {slice.name}
            </Link>
          )}
        </td>
        <td className="number">{numberWords(slice.samples)}</td>
        <td className="number">{measuredWords(slice.estimate.value, metric)}</td>
        <td>
          <IntervalBar
            span={span}
            value={numberOf(slice.estimate.value)}
            low={isUndefined(slice.estimate.interval) ? null : slice.estimate.interval.low}
            high={isUndefined(slice.estimate.interval) ? null : slice.estimate.interval.high}
            mark={numberOf(overall.value)}
            tone={standsOut(slice, cut.exploratory) ? "warning" : "plain"}
          />
        </td>
        <td className="text-muted">{intervalWords(slice.estimate.interval, metric)}</td>
        <td className="number">{differenceWords(slice, metric)}</td>
        <td>
          <SliceStanding slice={slice} exploratory={cut.exploratory} metric={metric} />
        </td>
      </tr>
    ));
  return (
    <div className="overflow-x-auto">
      <table className="table flush dense max-w-240">
        <caption className="pb-1 text-left text-sm font-medium text-text">
          {cutWords(cut.by)}
          {cut.exploratory && <span className="font-normal text-muted"> · exploratory: false discovery rate</span>}
          {cut.without > 0 && (
            <span className="font-normal text-muted"> · {countWords(cut.without, "sample")} without a value</span>
          )}
        </caption>
        <thead>
          <tr>
            <th>Slice</th>
            <th className="number">Samples</th>
            <th className="number">{metricTitle(metric)}</th>
            <th>Against all</th>
            <th>Interval</th>
            <th className="number">Less the rest</th>
            <th>Verdict</th>
          </tr>
        </thead>
        <tbody>{rows(shown)}</tbody>
      </table>
      {folded.length > 0 && (
        <details className="pt-1">
          <summary className="w-fit text-xs text-accent">{countWords(folded.length, "more slice")}</summary>
          <table className="table flush dense max-w-240">
            <tbody>{rows(folded)}</tbody>
          </table>
        </details>
      )}
      {cut.left > 0 && (
        <p className="pt-1 text-xs text-muted">
          {countWords(cut.left, "smaller slice isn't", "smaller slices aren't")} shown.
        </p>
      )}
    </div>
  );
}

const numberOf = (value: unknown): number | null => (typeof value === "number" ? value : null);

const endsOf = ({ value, interval }: SliceRow["estimate"]): number[] => [
  ...(typeof value === "number" ? [value] : []),
  ...(isUndefined(interval) ? [] : [interval.low, interval.high]),
];

const adjustedP = ({ test }: SliceRow, exploratory: boolean): number | null =>
  "undefined" in test ? null : exploratory ? test.falseDiscovery : test.holm;

const ALPHA = 0.05;
const standsOut = (slice: SliceRow, exploratory: boolean): boolean => {
  const p = adjustedP(slice, exploratory);
  return p !== null && p <= ALPHA;
};

const rankOf = (slice: SliceRow): number => ("undefined" in slice.test || slice.test.holm > ALPHA ? 1 : 0);

const differenceWords = ({ difference }: SliceRow, metric: MetricName): string =>
  typeof difference === "number" ? `${difference > 0 ? "+" : ""}${scaledWords(difference, metric)}` : "";

function SliceStanding({ slice, exploratory, metric }: { slice: SliceRow; exploratory: boolean; metric: MetricName }) {
  const words = sliceVerdict({
    tooSmall: slice.tooSmall,
    p: adjustedP(slice, exploratory),
    isWorse: typeof slice.difference === "number" && slice.difference < 0 === (metricFacts[metric].better === "max"),
  });
  if (slice.tooSmall || !standsOut(slice, exploratory)) return <span className="text-muted">{words}</span>;
  return <Badge tone="warning">{words}</Badge>;
}

export const slicesPanel: ReportPanel = { name: "slices", content: SlicesPanel };
