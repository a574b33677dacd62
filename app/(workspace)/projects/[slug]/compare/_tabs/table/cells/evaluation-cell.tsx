/** The newest evaluation of a run in a cell: its number with its interval, and the paired difference to the baseline's. */
import { ArrowDown, ArrowUp } from "lucide-react";
import { memo } from "react";
import { compareEvaluationsHref, evaluationHref } from "@/app/paths.ts";
import type { EvaluationCell as Cell, PairedDifference } from "@/lib/compare/read-evaluations.ts";
import { unshownDetail, unshownWords } from "@/lib/words/comparison-words.ts";
import { pairTestWords, pWords } from "@/lib/words/report/paired-words.ts";
import { intervalWords, isUndefined, measuredWords, scaledWords } from "@/lib/words/report-words.ts";
import type { EvaluatedRow } from "../grid-data.ts";
import type { Pairing } from "../reads/use-cells.ts";

type EvaluationCellProps = {
  slug: string;
  row: EvaluatedRow;
  /** Their places. */
  run: number;
  baseline: number;
  pairing: Pairing | undefined;
};

export const EvaluationCell = memo(function EvaluationCell({ slug, row, run, baseline, pairing }: EvaluationCellProps) {
  const cell = row.cells[run];
  if (!cell) return <span className="text-muted">–</span>;
  const own = row.cells[baseline];
  if (cell.standing !== "shown" || cell.lead === null)
    return (
      <a
        href={evaluationHref(slug, cell.run, cell.id)}
        title={cell.standing === "shown" ? undefined : unshownDetail(cell.standing)}
        className="text-right text-[11px] text-muted hover:underline"
      >
        {cell.standing === "shown" ? "no number" : unshownWords(cell.standing)}
      </a>
    );
  const { lead } = cell;
  return (
    <span className="block leading-[15px]">
      <span className="block h-4">
        <span className="mr-1 inline-block max-w-[clamp(0px,(var(--column,0px)-167px)*999,999px)] overflow-hidden align-bottom text-xs text-muted">
          {intervalWords(lead.interval, lead.metric)}
        </span>
        <a
          href={evaluationHref(slug, cell.run, cell.id)}
          title={aboutWords(cell, row.isOneVersion)}
          className="hover:underline"
        >
          {measuredWords(lead.value, lead.metric)}
        </a>
      </span>
      <span className="block h-[15px] truncate text-[11px] text-muted">
        {cell.look !== null && `look ${cell.look}, `}
        {row.isOneVersion ? `n=${cell.samples}` : `definitions ${cell.version}`}
      </span>
      {run === baseline ? (
        <span className="block h-[15px] text-[11px] text-accent">baseline</span>
      ) : row.barred.includes(cell.run) ? (
        <span className="block h-[15px] truncate text-[11px] text-muted" title="A notice above the table says why">
          not comparable
        </span>
      ) : (
        <Paired
          pairing={pairing}
          run={cell.run}
          metric={lead.metric}
          href={own ? compareEvaluationsHref(slug, [`${own.run}/${own.id}`, `${cell.run}/${cell.id}`]) : null}
        />
      )}
    </span>
  );
});

const aboutWords = ({ lead, samples, look, version, step }: Cell, isOneVersion: boolean): string =>
  [
    lead && `95 % interval ${intervalWords(lead.interval, lead.metric)}`,
    `${samples} samples`,
    `checkpoint at step ${step}`,
    look !== null && `look ${look} at this test split`,
    !isOneVersion && `computed by version ${version} of the definitions, and others of the row by another`,
  ]
    .filter(Boolean)
    .join("; ");

type PairedProps = {
  pairing: Pairing | undefined;
  run: string;
  metric: NonNullable<EvaluatedRow["metric"]>;
  /** Of the page that pairs the two. */
  href: string | null;
};

function Paired({ pairing, run, metric, href }: PairedProps) {
  const look = "block h-[15px] truncate text-[11px] text-muted";
  if (pairing === undefined) return <span className={look}>no baseline</span>;
  if (pairing === null)
    return (
      <span className={`${look} animate-pulse`} aria-busy>
        pairing…
      </span>
    );
  if ("problem" in pairing)
    return (
      <span className={look} title={pairing.problem}>
        not paired
      </span>
    );
  const found = pairing.byRun[run];
  if (!found)
    return (
      <span className={look} title="Twenty are paired at once, in the order of the columns">
        beyond twenty
      </span>
    );
  const isTold = found.decision === "better" || found.decision === "worse";
  const isUp = typeof found.difference === "number" && found.difference > 0;
  const Arrow = isUp ? ArrowUp : ArrowDown;
  const tone = { better: "font-medium text-finished", worse: "font-medium text-danger" }[found.decision as "better"];
  return (
    <a
      href={href ?? undefined}
      title={pairedTitle(found, metric)}
      data-verdict={found.decision}
      className={`${look} ${tone ?? ""} hover:underline`}
    >
      {isTold && <Arrow aria-hidden className="mr-0.5 inline size-3 align-[-2px]" strokeWidth={2.5} />}
      {isTold && typeof found.difference === "number" && `${scaledWords(Math.abs(found.difference), metric)} `}
      {pairTestWords.decision(found.decision)}
    </a>
  );
}

function pairedTitle(
  { difference, interval, holm, detectable }: PairedDifference,
  metric: NonNullable<EvaluatedRow["metric"]>,
): string {
  return [
    `paired difference ${measuredWords(difference, metric)}`,
    isUndefined(interval)
      ? ""
      : `95 % interval ${scaledWords(interval.low, metric)} to ${scaledWords(interval.high, metric)}`,
    holm === null ? "" : `p ${pWords(holm)} by Holm over the row`,
    typeof detectable === "number" ? `would see ≥ ${scaledWords(detectable, metric)}` : "",
  ]
    .filter(Boolean)
    .join("; ");
}
