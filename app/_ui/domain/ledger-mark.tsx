/** Where a test split stands, as colour, shape and word. */
import { BookLock, CircleCheck, Eye, type LucideIcon, OctagonX, TriangleAlert } from "lucide-react";
import type { Ledger, LedgerStatus } from "@/lib/wire/evaluations/looks.ts";
import { ledgerMeaningWords, ledgerStatusWords } from "@/lib/words/look-words.ts";

const marks: Record<LedgerStatus, { icon: LucideIcon; colour: string }> = {
  sealed: { icon: BookLock, colour: "text-finished" },
  first: { icon: CircleCheck, colour: "text-finished" },
  again: { icon: Eye, colour: "text-text" },
  adaptive: { icon: TriangleAlert, colour: "text-warning" },
  exhausted: { icon: OctagonX, colour: "text-danger" },
};

export function LedgerMark({ ledger }: { ledger: Ledger }) {
  const { icon: Icon, colour } = marks[ledger.status];
  return (
    <span
      className={`inline-flex items-center gap-1.5 text-sm whitespace-nowrap ${colour}`}
      title={ledgerMeaningWords(ledger)}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={2.25} />
      {ledgerStatusWords(ledger.status)}
    </span>
  );
}
