import Link from "next/link";
import { IntervalBar } from "@/app/_ui/figures/interval-bar.tsx";
import { spanOf } from "@/app/_ui/figures/scale.ts";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { compareEvaluationsHref, evaluationHref } from "@/app/paths.ts";
import type { Comparison } from "@/lib/evaluations/live/comparison.ts";
import type { ListedEvaluation } from "@/lib/evaluations/live/listed.ts";
import type { PairedRow } from "@/lib/wire/evaluations/paired.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { familyWords, pairedWords, pairTestWords, pWords } from "@/lib/words/report/paired-words.ts";
import { differenceWords } from "@/lib/words/report/value-words.ts";
import { isUndefined, measuredWords, metricTitle, undefinedWords } from "@/lib/words/report-words.ts";

type ComparedPairsProps = { slug: string; comparison: Comparison; chosen: ListedEvaluation[]; asked: string[] };

/** Each against the first: the difference with its interval, then the test, then what it comes to. */
export function ComparedPairs({ slug, comparison: { data, leftOut, sealed }, chosen, asked }: ComparedPairsProps) {
  const [baseline] = chosen;
  if (!baseline) return null;
  const nameOf = (at: number) => chosen[at]?.runName ?? "";
  const span = spanOf([
    0,
    ...data.comparisons.flatMap(({ interval }) => (isUndefined(interval) ? [] : [interval.low, interval.high])),
  ]);
  return (
    <section aria-label="Differences" className="grid gap-4 border-b border-line px-4 py-6 md:px-6">
      <div className="grid gap-1">
        {data.comparisons.map((row) => (
          <p key={row.model} className="text-base" data-decision={row.decision}>
            {pairedWords(row, {
              metric: data.metric,
              smallest: data.smallest,
              model: nameOf(row.model),
              baseline: baseline.runName,
            })}
          </p>
        ))}
      </div>
      <p className="text-sm text-muted">
        {familyWords({ metric: data.metric, samples: data.samples, groups: data.groups, family: data.family })}
        {leftOut > 0 && (
          <span className="text-warning">
            {" "}
            The splits differ: only the samples that all have are compared, and {numberWords(leftOut)} are left out.
          </span>
        )}
        {sealed && " The labels are sealed: counts alone are shown."}
      </p>
      <WideTable>
        <table className="table flush">
          <thead>
            <tr>
              <th>Run</th>
              <th className="number">{metricTitle(data.metric)}</th>
              <th className="number">Less the baseline, with interval</th>
              <th>
                <span className="sr-only">Drawn</span>
              </th>
              <th>Test</th>
              <th className="number">p</th>
              <th className="number">p, Holm</th>
              <th className="number">Right alone</th>
              <th className="number">Baseline right alone</th>
              <th className="number">Detectable</th>
              <th>Decision</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>
                <Run slug={slug} of={baseline} /> <Badge>baseline</Badge>
              </td>
              <td className="number font-medium">{measuredWords(data.values[0]!, data.metric)}</td>
              <td colSpan={9} />
            </tr>
            {data.comparisons.map((row) => (
              <tr key={row.model}>
                <td>
                  {chosen[row.model] && <Run slug={slug} of={chosen[row.model]!} />}{" "}
                  <Link
                    prefetch={false}
                    href={compareEvaluationsHref(slug, [
                      asked[row.model]!,
                      ...asked.filter((_, at) => at !== row.model),
                    ])}
                    className="text-xs text-muted hover:text-accent"
                  >
                    make baseline
                  </Link>
                </td>
                <td className="number font-medium">{measuredWords(data.values[row.model]!, data.metric)}</td>
                <td className="number">
                  {typeof row.difference === "number" && !isUndefined(row.interval)
                    ? differenceWords({ difference: row.difference, ...row.interval }, data.metric)
                    : measuredWords(row.difference, data.metric)}
                </td>
                <td>
                  <IntervalBar
                    span={span}
                    value={typeof row.difference === "number" ? row.difference : null}
                    low={isUndefined(row.interval) ? null : row.interval.low}
                    high={isUndefined(row.interval) ? null : row.interval.high}
                    mark={0}
                  />
                </td>
                <TestCells row={row} />
                <td className="number">{row.agreement ? numberWords(row.agreement.onlyModel) : ""}</td>
                <td className="number">{row.agreement ? numberWords(row.agreement.onlyBaseline) : ""}</td>
                <td className="number text-muted">{measuredWords(row.detectable, data.metric)}</td>
                <td>{pairTestWords.decision(row.decision)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </section>
  );
}

function Run({ slug, of }: { slug: string; of: ListedEvaluation }) {
  return (
    <Link prefetch={false} href={evaluationHref(slug, of.run, of.id)} className="font-medium hover:text-accent">
      {of.runName} <span className="font-normal text-muted">{of.split}</span>
    </Link>
  );
}

function TestCells({ row: { test } }: { row: PairedRow }) {
  if ("undefined" in test)
    return (
      <td colSpan={3} className="text-muted">
        {undefinedWords(test)}
      </td>
    );
  return (
    <>
      <td className="text-muted">{pairTestWords.test(test.kind)}</td>
      <td className="number">{pWords(test.p)}</td>
      <td className="number">{pWords(test.holm)}</td>
    </>
  );
}
