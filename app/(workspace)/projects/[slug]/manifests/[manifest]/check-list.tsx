import { RefreshCw } from "lucide-react";
import { VerdictMark } from "@/app/_ui/domain/verdict.tsx";
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import type { Check, ManifestReport } from "@/lib/wire/data/checks.ts";
import { checkTitle, checkWords, failureWords, figureTitle, progressWords } from "@/lib/words/check-words.ts";
import { numberWords, significantWords } from "@/lib/words/numbers.ts";
import { retryChecksAction } from "../manifest-actions.ts";
import { checkId } from "./check-id.ts";
import { CheckProgress } from "./check-progress.tsx";
import { RecallTable } from "./recall-table.tsx";
import { SampleRow } from "./sample-row.tsx";

type ManifestPlace = { projectId: string; slug: string; manifest: string };
type CheckListProps = {
  place: ManifestPlace;
  report: ManifestReport;
  /** Keys of the samples that have a thumbnail. */
  thumbnailed: Set<string>;
};

export function CheckList({ place, report, thumbnailed }: CheckListProps) {
  const { status, share, stage, failure } = report.progress;
  if (status === "failed")
    return (
      <div className="grid justify-items-start gap-3 text-sm">
        <p role="alert" className="text-danger">
          The checks failed{failure && `: ${failureWords(failure)}`}
        </p>
        <ActButton action={retryChecksAction.bind(null, place.projectId, place.manifest)} done="The checks run again">
          <RefreshCw aria-hidden />
          Run them again
        </ActButton>
      </div>
    );
  if (status !== "done") return <CheckProgress share={share} words={progressWords(stage)} />;
  return (
    <ul className="grid border-t border-line">
      {report.checks.map((check) => (
        <li
          key={check.name}
          id={checkId(check.name)}
          className="grid scroll-mt-4 gap-2 border-b border-line py-3 target:bg-hover"
        >
          <div className="grid gap-x-6 gap-y-1 sm:grid-cols-[110px_170px_minmax(0,1fr)]">
            <span>
              <VerdictMark verdict={check.verdict} />
            </span>
            <h3 className="text-sm font-medium">{checkTitle(check.name)}</h3>
            <p className="text-sm text-muted">{checkWords(check)}</p>
          </div>
          <CheckDetails place={place} check={check} thumbnailed={thumbnailed} />
        </li>
      ))}
    </ul>
  );
}

const SHOWN = 20;

function CheckDetails({ place, check, thumbnailed }: Omit<CheckListProps, "report"> & { check: Check }) {
  const figures = Object.entries(check.figures).filter((figure): figure is [string, number] => figure[1] !== null);
  if (figures.length === 0 && check.findings.length === 0) return null;
  return (
    <details className="text-sm sm:pl-[134px]">
      <summary className="w-fit cursor-pointer text-xs text-muted hover:text-text">
        Figures{check.findings.length > 0 && ` and samples (${numberWords(check.findingCount)})`}
      </summary>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 py-2 text-xs">
        {figures.map(([name, value]) => (
          <div key={name} className="flex gap-1.5">
            <dt className="text-muted">{figureTitle(name)}</dt>
            <dd className="tabular-nums" title={String(value)}>
              {format(value)}
            </dd>
          </div>
        ))}
      </dl>
      {check.recall && <RecallTable recall={check.recall} />}
      <ul className="grid gap-2">
        {check.findings.slice(0, SHOWN).map((finding) => (
          <li key={finding.keys.join("\n")}>
            <SampleRow place={place} finding={finding} thumbnailed={thumbnailed} />
          </li>
        ))}
      </ul>
      {check.findingCount > SHOWN && (
        <p className="pt-2 text-xs text-muted">
          {Math.min(SHOWN, check.findings.length)} of {numberWords(check.findingCount)} are shown.
        </p>
      )}
    </details>
  );
}

const SMALL = 1e-4;
const format = (value: number) => {
  if (Number.isInteger(value)) return numberWords(value);
  if (Math.abs(value) < SMALL) return value.toExponential(1).replace("e-", "e−");
  return significantWords(value, 4);
};
