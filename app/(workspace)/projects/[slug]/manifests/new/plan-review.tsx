"use client";
/** What a file comes to before anything is made of it: its counts, and what would be refused. */
import { CircleCheck, OctagonX } from "lucide-react";
import { splits } from "@/lib/wire/base/words.ts";
import type { TablePreview } from "@/lib/wire/data/table-preview.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { countPlan, type PlanFault, type UploadPlan } from "./upload-plan.ts";

type PlanReviewProps = {
  preview: TablePreview;
  plan: UploadPlan;
  faults: PlanFault[];
  /** Shares of train, validation and test that are asked for; null: as the column of splits says. */
  shares: number[] | null;
};

export function PlanReview({ preview, plan, faults, shares }: PlanReviewProps) {
  return (
    <div className="grid gap-4">
      <PlanNumbers preview={preview} plan={plan} shares={shares} />
      {!preview.whole && (
        <p className="text-sm text-muted">
          These are the first {countWords(preview.rows, "row")} of the file. Making reads them all: what is wrong
          further down is refused then, with its row, and nothing is stored.
        </p>
      )}
      {faults.length === 0 ? (
        <p className="flex items-center gap-2 text-sm text-finished" role="status">
          <CircleCheck aria-hidden className="size-4 shrink-0" />
          Nothing {preview.whole ? "" : "in these rows "}would be refused.
        </p>
      ) : (
        <div role="status" className="flex items-start gap-2 rounded-md bg-danger-soft p-3 text-sm text-danger">
          <OctagonX aria-hidden className="mt-0.5 size-4 shrink-0" />
          <ul aria-label="What would be refused" className="grid gap-1">
            {faults.map((fault) => (
              <li key={`${fault.column} ${fault.kind}`} className="wrap-anywhere">
                {faultWords(fault)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

const SHOWN = 10;

function faultWords(fault: PlanFault): string {
  switch (fault.kind) {
    case "no-key":
      return "No column is the key: choose the one that names each row, or call the rows by their lines.";
    case "no-content":
      return "No column says what a sample holds: take one as a feature, or copies can't be known.";
    case "two-readings": {
      const [day, month] = fault.readings.map((at) => at.slice(0, SHOWN));
      return `${fault.column}: ${fault.text} may be ${day} or ${month}. Choose how its dates are written.`;
    }
    case "cell": {
      const { row, rows, detail } = fault.fault;
      const more = rows > 1 ? ` (${countWords(rows, "row")} like it)` : "";
      return `Row ${numberWords(row)}, ${fault.column}: ${detail}${more}.`;
    }
  }
}

function PlanNumbers({ preview, plan, shares }: Omit<PlanReviewProps, "faults">) {
  const { rows, keys, classes, groups, splits: given } = countPlan(preview, plan);
  const perSplit = shares
    ? shares.map((share) => Math.round(share * rows))
    : given && splits.map((split) => given[split]);
  const numbers: [string, string | null][] = [
    ["Rows", numberWords(rows)],
    ["Keys", keys === null ? (plan.byLine ? "their lines" : "none") : numberWords(keys)],
    ["Classes", classes === null ? "no label" : numberWords(classes)],
    ["Groups", groups === null ? "none" : numberWords(groups)],
    ...splits.map((split, at): [string, string | null] => [
      split,
      perSplit && `${shares ? "about " : ""}${numberWords(perSplit[at]!)}`,
    ]),
  ];
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-3" aria-label="What the file comes to">
      {numbers.map(
        ([name, value]) =>
          value !== null && (
            <div key={name} className="grid">
              <dt className="text-xs text-muted">{name}</dt>
              <dd className="text-base tabular-nums">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
