"use client";
/** Shares of the classes, split by split: bars, their figures, and a CSV. */
import { Download } from "lucide-react";
import { Button } from "@/app/_ui/parts/button.tsx";
import { download, fileName } from "@/app/_ui/parts/download.ts";
import { runColors } from "@/app/_ui/parts/run-color.ts";
import type { Balance } from "@/lib/checks/rows/classes.ts";
import { toCsv } from "@/lib/csv.ts";
import { splits } from "@/lib/wire/base/words.ts";
import { decimalWords, numberWords } from "@/lib/words/numbers.ts";

const CLASSES_SHOWN = 60;
const fills = { train: runColors[0], validation: runColors[1], test: runColors[2] };
const BAR = { width: 120, height: 6, gap: 2 };

type ClassBalanceProps = {
  balance: Balance | null;
  /** Whether the classes are ranges of numbers. */
  isNumbers: boolean;
  name: string;
};

export function ClassBalance({ balance, isNumbers, name }: ClassBalanceProps) {
  if (!balance) return <p className="text-sm text-muted">The samples have no classes: no labels, or too many.</p>;
  const used = splits.filter((split) => balance.counts[split].some((count) => count > 0));
  const totals = new Map(used.map((split) => [split, balance.counts[split].reduce((a, b) => a + b, 0)]));
  const share = (split: (typeof used)[number], at: number) => balance.counts[split][at]! / totals.get(split)!;
  const largest = Math.max(...used.flatMap((split) => balance.labels.map((_, at) => share(split, at))));
  const save = () =>
    download(
      `${fileName(name)} classes.csv`,
      toCsv(
        [isNumbers ? "labels" : "class", ...used],
        balance.labels.map((label, at) => [label, ...used.map((split) => balance.counts[split][at]!)]),
      ),
    );
  const height = used.length * (BAR.height + BAR.gap);
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-4 text-xs text-muted">
        {used.map((split) => (
          <span key={split} className="inline-flex items-center gap-1.5">
            <svg aria-hidden className="size-2.5">
              <rect width="10" height="10" fill={fills[split]} />
            </svg>
            {split}
          </span>
        ))}
        <Button look="ghost" onClick={save}>
          <Download aria-hidden />
          CSV
        </Button>
      </div>
      <div className="overflow-x-auto">
        <table className="text-sm">
          <thead>
            <tr className="h-8 border-b border-line text-left text-xs text-muted">
              <th className="pr-4 font-medium">{isNumbers ? "Labels" : "Class"}</th>
              <th className="pr-2 font-medium sm:pr-4">Share, %</th>
              {used.map((split) => (
                <th key={split} className="px-2 text-right font-medium sm:px-3">
                  {split}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {balance.labels.slice(0, CLASSES_SHOWN).map((label, at) => (
              <tr key={label} className="h-8 border-b border-line last:border-b-0">
                <td className="max-w-48 truncate pr-4">{label}</td>
                <td className="pr-2 sm:pr-4">
                  <svg
                    aria-hidden
                    viewBox={`0 0 ${BAR.width} ${height}`}
                    preserveAspectRatio="none"
                    height={height}
                    className="w-14 sm:w-30"
                  >
                    {used.map((split, row) => (
                      <rect
                        key={split}
                        y={row * (BAR.height + BAR.gap)}
                        width={(share(split, at) / largest) * BAR.width}
                        height={BAR.height}
                        fill={fills[split]}
                      />
                    ))}
                  </svg>
                </td>
                {used.map((split) => (
                  <td
                    key={split}
                    className="px-2 text-right tabular-nums sm:px-3"
                    title={`${numberWords(balance.counts[split][at]!)} samples`}
                  >
                    {decimalWords(share(split, at) * 100, 1)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {balance.labels.length > CLASSES_SHOWN && (
        <p className="text-xs text-muted">
          {CLASSES_SHOWN} of {balance.labels.length} classes are shown; the CSV has them all.
        </p>
      )}
    </div>
  );
}
