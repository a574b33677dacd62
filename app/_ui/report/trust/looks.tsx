import Link from "next/link";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { manifestHref } from "@/app/paths.ts";
import { isProportion } from "@/lib/evaluations/live/primary.ts";
import { leadOf } from "@/lib/evaluations/live/report-page.ts";
import {
  ledgerMeaningWords,
  ledgerStatusWords,
  lookNumberWords,
  lookUseWords,
  lookWords,
  purposeWords,
} from "@/lib/words/look-words.ts";
import { countWords, decimalWords } from "@/lib/words/numbers.ts";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

const SHOWN = 8;

/** Each opening of the test split: who, when and why, and what all of them do to the number. */
function Looks({ page }: PanelProps) {
  const { evaluation, ledger, manifest, run } = page;
  if (ledger === null || ledger.count === 0) return null;
  const { halfWidths } = ledger;
  const lead = leadOf(page);
  return (
    <div className="grid gap-2 text-sm">
      <p>
        <Badge tone={ledger.status === "first" ? "plain" : "warning"}>{ledgerStatusWords(ledger.status)}</Badge>{" "}
        {lookUseWords(ledger)}. {ledgerMeaningWords(ledger)}
      </p>
      {halfWidths && lead && isProportion(lead.metric) && (
        <p className="text-muted">
          A 95 % interval of an accuracy here: ±{decimalWords(halfWidths.single, 4)} for a first look, ±
          {decimalWords(halfWidths.nonAdaptive, 4)} if all looks were planned before, ±
          {decimalWords(halfWidths.adaptiveWorst, 4)} at worst if each followed from the last;{" "}
          {countWords(Math.ceil(halfWidths.bits), "bit")} of the labels were told at most.
        </p>
      )}
      <ol className="grid gap-0.5 text-muted">
        {ledger.looks.slice(0, SHOWN).map((look) => (
          <li key={look.number} className={look.evaluation === evaluation.id ? "text-text" : undefined}>
            {lookNumberWords(look.number, ledger)}: {look.actor}, <Time at={look.at} />
            {look.run.name && `, ${look.run.name}`}
            {look.purpose && `, ${purposeWords(look.purpose)}`}: {lookWords(look.reason)}
            {look.adaptive && " (training went on afterwards)"}
            {look.evaluation === evaluation.id && " · this evaluation"}
          </li>
        ))}
      </ol>
      {ledger.count > SHOWN && (
        <Link prefetch={false} href={manifestHref(run.slug, manifest.id)} className="text-accent underline">
          {countWords(ledger.count - SHOWN, "earlier look")}
        </Link>
      )}
    </div>
  );
}

export const looksPanel: ReportPanel = { name: "looks", content: Looks };
