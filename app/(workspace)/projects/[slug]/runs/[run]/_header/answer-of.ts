/** What a run's page opens on: the best value of the project's primary metric, or why there is none. Pure. */
import type { PrimaryMetric } from "@/lib/projects/best-run.ts";
import type { RunStatus } from "@/lib/wire/base/words.ts";
import type { SeriesList } from "@/lib/wire/points/series.ts";
import type { SeriesName } from "@/lib/wire/points/series-name.ts";
import { countWords, listWords } from "@/lib/words/numbers.ts";

export type BestValue = { kind: "value"; value: number; step: number; unit: string };
export type Answer =
  | BestValue
  /** The project has chosen no primary metric. */
  | { kind: "no-metric"; logged: string[] }
  /** The run logged it under a name or a split that is kept out of sight. */
  | { kind: "quarantined" }
  /** All of its values are NaN or infinite. */
  | { kind: "never-finite"; count: number }
  | { kind: "no-value"; logged: string[] };

/** Values of the test split are no answer: `series` has none. */
export function answerOf(primary: PrimaryMetric | null, { series, quarantined }: SeriesList): Answer {
  if (!primary) return { kind: "no-metric", logged: measured(series) };
  const isPrimary = ({ split, metric }: SeriesName) => split === primary.split && metric === primary.metric;
  if (quarantined.some(isPrimary)) return { kind: "quarantined" };
  const found = series.find(isPrimary);
  if (!found) return { kind: "no-value", logged: measured(series) };
  const { unit, count } = found;
  const [value, step] = primary.direction === "max" ? [found.max, found.maxStep] : [found.min, found.minStep];
  return value === null || step === null ? { kind: "never-finite", count } : { kind: "value", value, step, unit };
}

const NAMED_MAX = 3;

/** A few of the metrics that tell how well it did, those of validation first. */
function measured(series: SeriesList["series"]): string[] {
  const ofSplits = series.filter(({ split }) => split !== null);
  ofSplits.sort((a, b) => Number(b.split === "validation") - Number(a.split === "validation"));
  return ofSplits.slice(0, NAMED_MAX).map(metricWords);
}

/** `validation accuracy` */
export const metricWords = ({ split, metric }: SeriesName): string => (split ? `${split} ${metric}` : metric);

/** How far the best value is the last word. */
export const bestWords: Record<RunStatus, string> = {
  queued: "best",
  running: "best so far",
  finished: "best",
  failed: "best before it failed",
  killed: "best before it was stopped",
  lost: "best before it fell silent",
};

type NoValue = Exclude<Answer, BestValue>;

/** What stands in place of the value, and what to know or to do. */
export function noValueWords(
  answer: NoValue,
  status: RunStatus,
  primary: SeriesName | null,
): { title: string; about: string } {
  const metric = primary ? metricWords(primary) : "";
  if (answer.kind === "no-metric")
    return {
      title: "No primary metric",
      about: `Runs are ranked by one, and each run's best value of it stands here. ${loggedWords(answer.logged)}`,
    };
  if (answer.kind === "quarantined")
    return { title: "Quarantined", about: `Its ${metric} is kept, and shown in no chart, table or sort.` };
  if (answer.kind === "never-finite")
    return {
      title: "No number",
      about: `${countWords(answer.count, "value")} of ${metric} came, and none is finite.`,
    };
  return {
    title: status === "queued" ? "Not started" : isOpen(status) ? "No value yet" : "No value",
    about: isOpen(status)
      ? `Its best ${metric} stands here as soon as a trainer logs one.`
      : `${endings[status]} ${metric}. ${loggedWords(answer.logged)}`,
  };
}

const isOpen = (status: RunStatus): status is "queued" | "running" => status === "queued" || status === "running";

const endings = {
  finished: "It logged no",
  failed: "It failed before it logged any",
  killed: "It was stopped before it logged any",
  lost: "It fell silent before it logged any",
};

const loggedWords = (logged: string[]): string => (logged.length === 0 ? "" : `It logged ${listWords(logged)}.`);
