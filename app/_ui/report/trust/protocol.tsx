import Link from "next/link";
import { Time } from "@/app/_ui/parts/time.tsx";
import { checkpointHref, manifestHref } from "@/app/paths.ts";
import { leadOf } from "@/lib/evaluations/live/report-page.ts";
import { purposeWords } from "@/lib/words/look-words.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { betterWords, scoringWords, taskWords } from "@/lib/words/report/protocol-words.ts";
import { metricTitle, splitWords } from "@/lib/words/report-words.ts";
import { Digest, Facts } from "../frame/facts.tsx";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

function Protocol({ page }: PanelProps) {
  const { evaluation, manifest, run, stored } = page;
  const lead = leadOf(page);
  const { checkpoint } = evaluation;
  return (
    <Facts
      facts={[
        ["Claim", "of this fitted model, not of its recipe: another seed is another model"],
        ["Task", taskWords(evaluation.task, evaluation.classes?.length ?? null)],
        ["Population", `what ${manifest.dataset.name} ${manifest.dataset.version} was drawn from`],
        [
          "Measured on",
          <span key="split">
            {splitWords(evaluation.split, evaluation.samples)} of{" "}
            <Link prefetch={false} href={manifestHref(run.slug, manifest.id)} className="text-accent underline">
              {manifest.name}
            </Link>
            , digest <Digest of={evaluation.splitDigest} />
          </span>,
        ],
        ["Metric", lead && `${metricTitle(lead.metric, lead.topK?.k)}, ${betterWords(lead.metric)}`],
        ["Scores", scoringWords(evaluation)],
        ["Resampled", stored.report.groups !== null && `${numberWords(stored.report.groups)} groups, each as a whole`],
        [
          "Checkpoint",
          <span key="checkpoint">
            <Link
              prefetch={false}
              href={checkpointHref(run.slug, run.id, checkpoint.path)}
              className="text-accent underline"
            >
              {checkpoint.path}
            </Link>{" "}
            at step {numberWords(checkpoint.step)}, <Digest of={checkpoint.sha256} />
          </span>,
        ],
        ["Opened for", evaluation.purpose && `${purposeWords(evaluation.purpose)}: ${evaluation.reason}`],
        [
          "Made by",
          <span key="by">
            {evaluation.createdBy}, <Time at={evaluation.createdAt} />
          </span>,
        ],
      ]}
    />
  );
}

export const protocolPanel: ReportPanel = { name: "protocol", content: Protocol };
