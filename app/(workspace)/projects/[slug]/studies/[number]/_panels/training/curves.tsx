import Link from "next/link";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { assignSlots, lookOfSlot } from "@/app/_ui/parts/run-color.ts";
import { runHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { countCurveThreads } from "@/lib/reviews/curve-threads.ts";
import type { Contender, CurvesData } from "@/lib/studies/panels/training/curves.ts";
import { parseSeriesKey } from "@/lib/wire/points/series-name.ts";
import { numberWords, valueWords } from "@/lib/words/numbers.ts";
import { percentWords } from "@/lib/words/report-words.ts";
import { trialWords } from "@/lib/words/studies/panels/panel-words.ts";
import { FlagChip } from "../frame/flag-list.tsx";
import { drawn, type PanelProps } from "../frame/panel.ts";
import { ContenderCharts } from "./contender-charts.tsx";

/** The contenders with what was seen in each, and their curves over each other. */
async function Curves({ data, project, study, member }: PanelProps & { data: CurvesData }) {
  const { contenders, keys, overfit } = data;
  const runs = contenders.map(({ run }) => run);
  const threads = await countCurveThreads(member, project.id, runs);
  const slots = assignSlots(runs, new Map(), new Map());
  const { metric, direction } = study.objective;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <ContenderTable contenders={contenders} slug={project.slug} />
      <p className="text-sm">
        {percentWords(overfit.count / overfit.of, 0)} of {numberWords(overfit.of)} trials with a curve overfit.
      </p>
      {contenders.length > 0 && (
        <ContenderCharts
          project={{ id: project.id, slug: project.slug }}
          runs={contenders.map(({ run, name, startedAt }) => ({
            id: run,
            name,
            startedAt,
            look: lookOfSlot(slots.get(run)!),
          }))}
          series={keys.map((key) => {
            const named = parseSeriesKey(key);
            return { ...named, direction: named.metric === metric ? direction : null, unit: "" };
          })}
          primaryMetric={metric}
          threads={threads}
          canComment={can(member, "reviews.write", project.id)}
        />
      )}
    </div>
  );
}

function ContenderTable({ contenders, slug }: { contenders: Contender[]; slug: string }) {
  return (
    <WideTable label="Contenders">
      <table className="table flush dense">
        <thead>
          <tr>
            <th>Trial</th>
            <th>Best of</th>
            <th className="number">Value</th>
            <th className="number">Best step</th>
            <th>Predictions</th>
            <th>Seen</th>
          </tr>
        </thead>
        <tbody>
          {contenders.map(({ trial, run, name, bestOf, value, bestStep, flags, predictions }) => (
            <tr key={run}>
              <td>
                <Link prefetch={false} href={runHref(slug, run)} title={name} className="text-accent underline">
                  {trialWords(trial)}
                </Link>
              </td>
              <td>{bestOf === null ? "all" : `${bestOf.parameter} = ${bestOf.value}`}</td>
              <td className="number font-medium">{valueWords(value)}</td>
              <td className="number">{bestStep === null ? "" : numberWords(bestStep)}</td>
              <td>{predictions && `${numberWords(predictions.stored)} of ${numberWords(predictions.of)}`}</td>
              <td>
                <span className="flex gap-1">
                  {flags.map((flag) => (
                    <FlagChip key={flag.kind} flag={flag} />
                  ))}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  );
}

export const curvesPanel = drawn("curves", Curves);
