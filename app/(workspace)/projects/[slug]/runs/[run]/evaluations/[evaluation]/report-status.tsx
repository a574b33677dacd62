import { CircleAlert, Inbox, LoaderCircle, Lock } from "lucide-react";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import type { ReportPage } from "@/lib/evaluations/live/report-page.ts";
import { releasedWords, testModeWords } from "@/lib/words/look-words.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { percentWords } from "@/lib/words/report-words.ts";

/** What stands in place of the sections until there is a report, or where the reader may not see it. */
export function ReportStatus({ page: { evaluation, stored, ledger } }: { page: ReportPage }) {
  const { status, received, samples, progress, failure } = evaluation;
  if ("closed" in stored && evaluation.released && ledger)
    return (
      <Empty icon={Lock} title="No report of this test split is shown">
        <p className="text-text">{releasedWords(evaluation.released)}</p>
        <p>{testModeWords(ledger.mode)}</p>
      </Empty>
    );
  if ("closed" in stored)
    return (
      <Empty icon={Lock} title="Its numbers are closed to you">
        <p>{stored.why}</p>
      </Empty>
    );
  if (status === "failed")
    return (
      <Empty icon={CircleAlert} title="The report couldn't be made">
        <p role="alert" className="text-danger">
          {failure}
        </p>
        <p>The predictions are kept. Sending “complete” once more tries again.</p>
      </Empty>
    );
  if (status === "receiving")
    return (
      <Empty icon={Inbox} title="Predictions are coming in">
        <Bar share={received / Math.max(1, samples)} label="Predictions that came" />
        <p>
          {numberWords(received)} of {countWords(samples, "prediction")} came. The report is computed once the client
          says that they are complete.
        </p>
      </Empty>
    );
  return (
    <Empty icon={LoaderCircle} title="The report is being computed">
      <Bar share={progress ?? 0} label="Progress of the report" />
      <p>{percentWords(progress ?? 0, 0)}; this page fills by itself.</p>
    </Empty>
  );
}

function Bar({ share, label }: { share: number; label: string }) {
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      className="block h-1.5 w-60 overflow-hidden rounded-full bg-line"
    >
      <span className="block h-full bg-accent" style={{ width: `${Math.min(1, share) * 100}%` }} />
    </span>
  );
}
