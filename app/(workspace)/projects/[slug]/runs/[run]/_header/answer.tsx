/** The head of a run's page: how good it is, by the project's primary metric, and what to hold that against. */
import Link from "next/link";
import { DirectionArrow } from "@/app/_ui/domain/primary-metric.tsx";
import { checkpointHref, projectSettingsHref, quarantineHref } from "@/app/paths.ts";
import type { CheckpointPlace } from "@/lib/artifacts/checkpoints.ts";
import type { RunDetail } from "@/lib/runs/runs.ts";
import type { RunStanding } from "@/lib/table/run-standing.ts";
import { columnFormat, fullWords, numberWords } from "@/lib/words/numbers.ts";
import { AgainstBest } from "./against-best.tsx";
import { AmongReplicates } from "./among-replicates.tsx";
import { type Answer, type BestValue, bestWords, metricWords, noValueWords } from "./answer-of.ts";
import { Label } from "./label.tsx";

type RunAnswerProps = {
  run: RunDetail;
  answer: Answer;
  standing: RunStanding;
  /** Of the best step; null where it isn't known. */
  epoch: number | null;
  /** At the best step or nearest to it. */
  checkpoint: CheckpointPlace | null;
  /** Whether the reader may choose the project's primary metric. */
  canChoose: boolean;
};

export function RunAnswer({ run, answer, standing, epoch, checkpoint, canChoose }: RunAnswerProps) {
  const { primary, best, bestOnManifest, replicates } = standing;
  const value = answer.kind === "value" ? answer.value : null;
  // of a run that is alone and has no value there is nothing to say
  const hasReplicates = replicates && (replicates.summary !== null || replicates.count > 1);
  const others = [best?.value, bestOnManifest?.value, replicates?.summary?.mean];
  const format = columnFormat([value, ...others].filter((one) => typeof one === "number"));
  return (
    <section
      aria-label="Answer"
      className="grid gap-x-10 gap-y-3 px-4 pt-4 pb-3 md:grid-cols-[minmax(220px,1fr)_1fr_1fr] md:px-6 xl:max-w-300"
    >
      <div className="min-w-0">
        <Label>
          {primary ? metricWords(primary) : "Best value"}
          {primary && <DirectionArrow direction={primary.direction} />}
          {answer.kind === "value" && <span>{bestWords[run.status]}</span>}
        </Label>
        {answer.kind === "value" ? (
          <ValueFacts run={run} answer={answer} format={format} epoch={epoch} checkpoint={checkpoint} />
        ) : (
          <NoValue run={run} answer={answer} standing={standing} canChoose={canChoose} />
        )}
      </div>
      {primary && <AgainstBest run={run} value={value} standing={standing} format={format} />}
      {primary && hasReplicates && <AmongReplicates run={run} replicates={replicates} format={format} />}
    </section>
  );
}

type ValueFactsProps = Pick<RunAnswerProps, "run" | "epoch" | "checkpoint"> & {
  answer: BestValue;
  format: (value: number) => string;
};

function ValueFacts({ run, answer: { value, step, unit }, format, epoch, checkpoint }: ValueFactsProps) {
  // what stands with the weights is what they were saved at; a metric's last point may be of the step before
  const shownEpoch = checkpoint?.step === step ? checkpoint.epoch : epoch;
  return (
    <>
      <p className="text-3xl/9 font-semibold tracking-tight" data-testid="best-value" title={fullWords(value)}>
        {format(value)}
        {unit && <span className="ml-1.5 text-base font-normal text-muted">{unit}</span>}
      </p>
      <p className="flex flex-wrap gap-x-3 text-sm text-muted">
        {shownEpoch !== null && <span>epoch {numberWords(Number(shownEpoch.toFixed(2)))}</span>}
        <span>step {numberWords(step)}</span>
        {checkpoint ? (
          <a
            href={checkpointHref(run.slug, run.id, checkpoint.path)}
            className="text-text underline decoration-line-strong underline-offset-2 hover:decoration-current"
            title={checkpoint.path}
          >
            {checkpoint.step === step ? "its checkpoint" : `nearest checkpoint: step ${numberWords(checkpoint.step)}`}
          </a>
        ) : (
          <span title="The trainer stored no weights with this run">no checkpoint</span>
        )}
      </p>
    </>
  );
}

type NoValueProps = Pick<RunAnswerProps, "run" | "standing" | "canChoose"> & { answer: Exclude<Answer, BestValue> };

function NoValue({ run, answer, standing: { primary }, canChoose }: NoValueProps) {
  const { title, about } = noValueWords(answer, run.status, primary);
  const link = "text-accent underline underline-offset-2";
  return (
    <>
      <p className="text-xl/9 font-semibold tracking-tight">{title}</p>
      <p className="max-w-[60ch] text-sm text-muted">
        {about}{" "}
        {answer.kind === "no-metric" &&
          (canChoose ? (
            <Link prefetch={false} href={projectSettingsHref(run.slug, "primary-metric")} className={link}>
              Choose it
            </Link>
          ) : (
            "Members choose it in the project's settings."
          ))}
        {answer.kind === "quarantined" && (
          <Link prefetch={false} href={quarantineHref(run.slug, run.id)} className={link}>
            Why
          </Link>
        )}
      </p>
    </>
  );
}
