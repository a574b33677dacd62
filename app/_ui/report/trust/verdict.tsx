import { ManifestStanding, VerdictMark } from "@/app/_ui/domain/verdict.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { baselineOf } from "@/lib/evaluations/live/baseline.ts";
import { leadOf } from "@/lib/evaluations/live/report-page.ts";
import { baselineWords, leadWords, lookPlaceWords } from "@/lib/words/report/verdict-words.ts";
import {
  confidenceWords,
  intervalWords,
  isUndefined,
  measuredWords,
  metricTitle,
  splitWords,
} from "@/lib/words/report-words.ts";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

/** The number, how sure it is, what it is worth, and what stands for and against it. */
function Verdict({ page }: PanelProps) {
  const lead = leadOf(page);
  if (lead === null) return null;
  const { evaluation, ledger, manifest, run, stored } = page;
  const isFresh = ledger === null || ledger.status === "first";
  const baseline = baselineOf(stored.report.panels);
  const { metric, value, interval, samples } = lead;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-end gap-x-6 gap-y-2">
        <p className="grid">
          <span className="text-sm text-muted">{metricTitle(metric, lead.topK?.k)}</span>
          <span data-lead className="text-[32px] leading-10 font-semibold tracking-tight">
            {measuredWords(value, metric)}
          </span>
        </p>
        <p className="grid text-sm">
          <span className="text-muted">{confidenceWords(stored.report.confidence)} interval</span>
          <span className="text-lg">{intervalWords(interval, metric)}</span>
        </p>
        <p className="grid text-sm">
          <span className="text-muted">of</span>
          <span className="text-lg">{splitWords(evaluation.split, samples)}</span>
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        <span className="inline-flex items-center gap-1.5">
          split <VerdictMark verdict={manifest.verdict} />
        </span>
        <ManifestStanding manifest={manifest} />
        <Badge tone={isFresh ? "plain" : "warning"}>{lookPlaceWords(ledger, evaluation.id)}</Badge>
        {run.seed !== null && <Badge>seed {run.seed}</Badge>}
      </div>
      <p className="max-w-180 text-base">
        {leadWords({ metric, value, interval, samples, confidence: stored.report.confidence })}
        {baseline !== null && typeof value === "number" && metric === "accuracy" && !isUndefined(interval)
          ? ` ${baselineWords({ baseline, low: interval.low, high: interval.high })}`
          : ""}
      </p>
    </div>
  );
}

export const verdictPanel: ReportPanel = { name: "verdict", content: Verdict };
